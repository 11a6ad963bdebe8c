// A process whose agent works in one supervised run, several steps at once, and tells its parent when each step began.
import { createGovernor } from '@preceptor/core'

const [database, run, redis] = process.argv.slice(2)
const AT_ONCE = 4
const CHECKPOINTS = 10
const governor = await createGovernor({
  database,
  redis,
  actions: { 'refund.create': { risk: 'high' } },
  // Long enough for whoever watches to come back.
  settings: { attachWithinMs: 30_000 },
  report: () => undefined,
})
const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } })
let closing = false
const host = new AbortController()
let begun = []
let heard = []

const tell = () => {
  begun.push(Date.now())
}
setInterval(() => {
  report()
}, 20)

function report() {
  if (begun.length > 0 || heard.length > 0) process.send({ begun, heard })
  begun = []
  heard = []
}

process.on('message', (message) => {
  if (message.close !== true) return
  closing = true
  host.abort(new Error('The test is over.'))
})
process.on('disconnect', () => process.exit(1))

async function work() {
  while (!closing) {
    try {
      const result = await scope.guard(
        { agent: 'bot', action: 'refund.create', args: {}, run },
        async ({ checkpoint, signal, guidance }) => {
          tell()
          heard.push(...guidance)
          for (let passed = 0; passed < CHECKPOINTS && !closing; passed += 1) {
            const passed = await checkpoint()
            heard.push(...passed.guidance)
            if (!signal.aborted) tell()
          }
        },
        { signal: host.signal },
      )
      if (result.status === 'withheld') {
        process.send({ withheld: result.decision.code ?? result.decision.route, at: Date.now() })
        if (result.decision.code === 'RUN_TERMINATED') return
      }
    } catch (error) {
      if (closing) return
      process.send({ threw: error.code ?? String(error), at: Date.now() })
      if (error.code === 'RUN_TERMINATED') return
    }
  }
}

process.send({ ready: true })
await Promise.all(Array.from({ length: AT_ONCE }, work))
report()
process.send({ done: true })
await governor.close()
process.disconnect()
