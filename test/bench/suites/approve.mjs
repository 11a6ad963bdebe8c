import { setTimeout as delay } from 'node:timers/promises'
import { createGovernor } from '@preceptor/core'
import pg from 'pg'
import { median } from '../measure.mjs'
import { assertRoute } from '../open-gate.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { measureRun, startWorker } from '../other-process.mjs'

const ROUNDS = 5
const EACH = 30
const APART_MS = 20
const CEILING_MS = 150
const TABLE = 'create table bare_approvals (id text primary key, state text not null, args jsonb not null)'

/** From the approval of a person to the run in another process, against a loop of one's own. */
export async function approve() {
  const server = await openPostgres()
  const bare = new pg.Client({ connectionString: server.url })
  await bare.connect()
  await bare.query(TABLE)
  const action = { risk: 'high', execute: () => undefined }
  const options = { database: server.url, migrate: true, actions: { 'mail.post': action }, report: () => undefined }
  const governor = await createGovernor(options)
  const [worker, loop] = await Promise.all(['ours', 'peer'].map((kind) => startWorker(kind, server.url)))
  try {
    const ours = await approver(governor)
    const contestants = { ours: () => measureRun(worker, ours), peer: () => measureRun(loop, byHand(bare)) }
    const times = { ours: [], peer: [] }
    for (const run of Object.values(contestants)) await run()
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, run] of Object.entries(contestants)) {
        for (let index = 0; index < EACH; index += 1) {
          times[name].push(await run())
          await delay(Math.random() * APART_MS)
        }
      }
    }
    return rows(times)
  } finally {
    await Promise.all([worker.close(), loop.close()])
    await governor.close()
    await bare.end()
    await server.close()
  }
}

function rows({ ours, peer }) {
  const row = (name, pick, met) => {
    const [own, other] = [pick(ours), pick(peer)]
    const goal = met === null ? '-' : `< ${CEILING_MS} ms`
    return { name, ours: own, peer: other, limit: null, ratio: own / other, goal, moonshot: '-', met, unit: 'ms' }
  }
  const p99 = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length * 0.99)]
  return [
    row('decision to executed in another process, p99 / a loop by hand', p99, p99(ours) < CEILING_MS),
    row('decision to executed in another process, p50 / a loop by hand', median, null),
  ]
}

/** An approval of a person, ready to be given. */
export async function approver(governor) {
  const as = (principal) => governor.as({ workspace: 'default', principal })
  await as({ kind: 'user', id: 'root', roles: ['admin'] }).agents.register({ id: 'bot', maturity: 'intern' })
  const bot = as({ kind: 'agent', id: 'bot', roles: [] })
  const ana = as({ kind: 'user', id: 'ana', roles: ['supervisor'] })
  return async (id) => {
    const decision = await bot.decide({ agent: 'bot', action: 'mail.post', args: { id } })
    assertRoute(decision, 'proposal')
    const { proposal } = decision
    return () => ana.proposals.approve(proposal.id, { version: proposal.version, actionHash: proposal.actionHash })
  }
}

const byHand = (client) => async (id) => {
  await client.query(`insert into bare_approvals values ($1, 'pending', '{}')`, [id])
  return async () => {
    await client.query(`update bare_approvals set state = 'approved' where id = $1 and state = 'pending'`, [id])
    await client.query('notify bare_approved')
  }
}
