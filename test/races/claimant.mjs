// A process that acts as fast as it may, and tells its parent when each action started.
import { createGovernor } from '@preceptor/core'

const [database, redis] = process.argv.slice(2)
const governor = await createGovernor({
  database,
  ...(redis === undefined ? {} : { redis }),
  actions: { 'order.read': { risk: 'safe' }, 'note.write': { risk: 'medium' } },
  report: () => undefined,
})
// What is told to the parent is told in true time, whatever this machine's clock is made to say.
const now = Date.now
let agent = ''
let closing = false

process.on('message', (message) => {
  if (message.act !== undefined) agent = message.act
  if (message.jump !== undefined) Date.now = () => now() + message.jump
  if (message.close === true) closing = true
})
process.on('disconnect', () => process.exit(1))

async function act(action) {
  while (!closing) {
    const acting = agent
    if (acting !== '') {
      const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: acting, roles: [] } })
      const result = await scope.guard({ agent: acting, action, args: {} }, () => now())
      if (result.status === 'executed') process.send({ ran: acting, action, at: result.value })
      else process.send({ refused: acting, action, code: result.decision.code ?? result.decision.route, at: now() })
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

process.send({ ready: true })
await Promise.all([act('order.read'), act('note.write')])
await governor.close()
process.disconnect()
