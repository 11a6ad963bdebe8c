// A process in which people decide, jobs run and an agent comes back, all at once when its parent says so.
import { appendFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { createGovernor } from '@preceptor/core'

const [database, oracle] = process.argv.slice(2)
const DAY_MS = 24 * 3_600_000
const actions = { 'refund.create': { risk: 'high' }, 'ledger.close': { risk: 'critical' } }
const open = (clock) => createGovernor({ database, actions, report: () => undefined, ...clock })
const governor = await open({})
// For this one every proposal is past its time.
const later = await open({ clock: { now: () => Date.now() + 2 * DAY_MS, monotonic: () => performance.now() } })

const person = (id, role = 'supervisor') =>
  governor.as({ workspace: 'default', principal: { kind: 'user', id, roles: [role] } })
const agentOf = (id) => governor.as({ workspace: 'default', principal: { kind: 'agent', id, roles: [] } })

const WORKS = {
  approve: ({ who, id, shown }) => person(who).proposals.approve(id, shown),
  reject: ({ who, id, shown }) => person(who).proposals.reject(id, { ...shown, category: 'other', reason: 'No.' }),
  respond: ({ who, id, shown }) => person(who).proposals.respond(id, { ...shown, response: 'Done.' }),
  cancel: ({ id }) => person('root', 'admin').proposals.cancel(id, 'Not needed.'),
  expire: () => later.jobs.run('expire-proposals', { workspace: 'default' }),
  demote: ({ trigger }) => person('root', 'admin').agents.demote(trigger.agent, 'student', 'Trusted less.'),
  run: async ({ trigger }) => {
    const act = ({ idempotencyKey }) => void appendFileSync(oracle, `${idempotencyKey}\n`)
    return agentOf(trigger.agent).guard(trigger, act)
  },
}

// A store that is too busy to answer is asked again, as any client would.
const BUSY = ['STORE_UNAVAILABLE', 'DEADLINE_EXCEEDED', 'INTERNAL']
const MOST_TIMES = 20

async function work({ kind, afterMs = 0, ...input }) {
  await delay(afterMs)
  for (let times = 1; ; times += 1) {
    const result = await workOnce({ kind, ...input })
    if (times === MOST_TIMES || !BUSY.includes(result.code ?? result.refusal)) return result
  }
}

async function workOnce({ kind, ...input }) {
  try {
    const { status, decidedBy, decision } = (await WORKS[kind](input)) ?? {}
    return { kind, who: input.who, code: null, status, decidedBy, refusal: decision?.code }
  } catch (error) {
    return { kind, who: input.who, code: error.code ?? String(error), details: error.details }
  }
}

process.on('message', async ({ works, close }) => {
  if (works !== undefined) return void process.send({ results: await Promise.all(works.map(work)) })
  if (close !== true) return
  await Promise.all([governor.close(), later.close()])
  process.disconnect()
})
process.on('disconnect', () => process.exit(0))
process.send({ ready: true })
