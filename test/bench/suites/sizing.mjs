import { loadavg } from 'node:os'
import { createGovernor } from '@preceptor/core'
import pg from 'pg'
import { LARGE_OPTIONS, lookAfter, prepareWorkspace } from '../../setup/large-workspace.mjs'
import { median } from '../measure.mjs'
import { assertRoute } from '../open-gate.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { reported } from '../table.mjs'

const ROUNDS = 7
const ROUND_MS = 1_000
const CALLERS = 8
const FILLED = 5_000
const workspace = 'default'
const MIXED = 'mixed'
const ARGS = { order: 'o-1', cents: 1_250, reason: 'The parcel never came.' }
const MOST = { points: 50_000_000, seconds: 60 }

/** What a process and a database take, in numbers of this machine: what docs/sizing.md counts with. */
export async function sizing() {
  const server = await openPostgres()
  const rateLimits = { principal: MOST, agent: MOST, workspace: MOST }
  const governor = await createGovernor({
    database: server.url,
    migrate: true,
    ...LARGE_OPTIONS,
    workspaces: [workspace, MIXED],
    rateLimits,
  })
  const store = new pg.Pool({ connectionString: server.url, max: 2 })
  try {
    const idle = megabytes()
    const admin = governor.as({ workspace, principal: { kind: 'user', id: 'ada', roles: ['admin'] } })
    await admin.agents.register({ id: 'reader', maturity: 'autonomous' })
    for (let index = 0; index < CALLERS; index += 1) {
      await admin.agents.register({ id: `asker-${index}`, maturity: 'intern' })
    }
    const decisions = await rounds(1, () => decide(governor, 'reader', 'order.read', 'execution'))
    const guarded = await rounds(1, () => decide(governor, 'reader', 'note.write', 'execution'))
    const proposals = await rounds(CALLERS, (caller) =>
      decide(governor, `asker-${caller}`, 'refund.create', 'proposal'),
    )
    const busy = megabytes()
    const row = (name, ours, unit) => reported({ name, ours, other: null, unit })
    return [
      row('load of the machine meanwhile, processes that run', loadavg()[0], ''),
      row('decisions of a safe action, 1 caller, one process', decisions, '/s'),
      row('decisions of medium risk, 1 caller, one process', guarded, '/s'),
      row(`proposals, ${CALLERS} callers, one process`, proposals, '/s'),
      row('memory of the process before any work', idle, 'MB'),
      row('memory of the process after it', busy, 'MB'),
      ...(await measureRows({ governor, store }, row)),
    ]
  } finally {
    await store.end()
    await governor.close()
    await server.close()
  }
}

async function decide(governor, agent, action, route) {
  const scope = governor.as({ workspace, principal: { kind: 'agent', id: agent, roles: [] } })
  assertRoute(await scope.decide({ agent, action, args: ARGS }), route)
}

/** How many a second, the median of some rounds. */
async function rounds(callers, run) {
  const rates = []
  for (let round = -1; round < ROUNDS; round += 1) {
    const started = performance.now()
    let count = 0
    const call = async (caller) => {
      while (performance.now() - started < ROUND_MS) {
        await run(caller)
        count += 1
      }
    }
    await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)))
    if (round >= 0) rates.push((count * 1_000) / (performance.now() - started))
  }
  return median(rates)
}

/** What the decisions of a mixed workspace take on disk, and how fast their rows are sealed and added up. */
async function measureRows(ports, row) {
  const { governor, store } = ports
  const before = await sizes(store)
  const { write } = await prepareWorkspace(ports, { workspace: MIXED, decisions: FILLED })
  await write(0, FILLED)
  const added = await timed(() => governor.jobs.run('count-decisions', { workspace: MIXED }))
  await lookAfter(store)
  const after = await sizes(store)
  const rows = after.rows - before.rows
  return [
    row('rows of the journal to a decision of a mixed workspace', rows / FILLED, ''),
    row('journal and seals to a decision', (after.journal - before.journal) / FILLED / 1_000, 'kB'),
    row('the whole database to a decision', (after.all - before.all) / FILLED / 1_000, 'kB'),
    row('rows of the journal added up, one worker', (rows * 1_000) / added, '/s'),
  ]
}

async function sizes(store) {
  const { rows } = await store.query(
    `select (select count(*)::int from journal) as rows, pg_database_size(current_database())::float8 as all,
       (pg_total_relation_size('journal') + pg_total_relation_size('journal_seals'))::float8 as journal`,
  )
  return rows[0]
}

async function timed(run) {
  const started = performance.now()
  await run()
  return performance.now() - started
}

const megabytes = () => process.memoryUsage().rss / 1e6
