// Another process of the suite `stop`: it acts as fast as it may, or hears a bare notification.
import { setTimeout as delay } from 'node:timers/promises'
import { createGovernor } from '@preceptor/core'
import pg from 'pg'

const [kind, database, redis] = process.argv.slice(2)
const now = () => performance.timeOrigin + performance.now()
// As fast as one may without taking the machine from what is measured.
const PAUSE_MS = 1

if (kind === 'ours') {
  const actions = { 'order.read': { risk: 'safe' }, 'note.write': { risk: 'medium' } }
  const governor = await createGovernor({ database, ...(redis && { redis }), actions, report: () => undefined })
  process.on('message', (message) => void (message.act === undefined ? decide : act)(governor, message))
  process.on('disconnect', () => void governor.close().then(() => process.exit()))
} else {
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  client.on('notification', ({ payload }) => process.send({ heard: payload, at: now() }))
  await client.query('listen bare_levels')
  process.on('disconnect', () => void client.end().then(() => process.exit()))
}
process.send({ ready: true })

const scopeOf = (governor, id) => governor.as({ workspace: 'default', principal: { kind: 'agent', id, roles: [] } })

/** Acts until nothing is let run any more; tells when the last action started. */
async function act(governor, { act: agent, actions }) {
  const scope = scopeOf(governor, agent)
  let last = 0
  const until = async (action) => {
    for (;;) {
      const result = await scope.guard({ agent, action, args: {} }, () => now())
      if (result.status !== 'executed') return
      if (last === 0) process.send({ acting: agent })
      last = Math.max(last, result.value)
      await delay(PAUSE_MS)
    }
  }
  await Promise.all(actions.map(until))
  process.send({ ended: agent, at: last })
}

/** Decides until the agent is an intern; tells when that was. */
async function decide(governor, { decide: agent }) {
  const scope = scopeOf(governor, agent)
  let told = false
  for (;;) {
    const { maturity } = await scope.decide({ agent, action: 'order.read', args: {} })
    if (maturity === 'intern') return process.send({ decided: agent, at: now() })
    if (!told) process.send({ deciding: agent })
    told = true
    await delay(PAUSE_MS)
  }
}
