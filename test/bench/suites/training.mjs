import { randomUUID } from 'node:crypto'
import { createGovernor } from '@preceptor/core'
import pg from 'pg'
import { median } from '../measure.mjs'
import { assertRoute } from '../open-gate.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atMost, reported } from '../table.mjs'

const OTHERS = 10_000
const ROUNDS = 5
const BLOCKS = 200
const STUDENTS = (ROUNDS + 1) * BLOCKS * 2
const [CROWDED, EMPTY] = ['default', 'empty']
const MOST_MS = 50
const ARGS = { order: 'o-1', cents: 1_250, reason: 'The parcel never came.' }
const BARE = `
  create table bare_courses (id text primary key, workspace_id text not null, agent_id text not null, gaps text[] not null,
    plan jsonb not null, state text not null, created_at timestamptz not null);
  create unique index on bare_courses (workspace_id, agent_id, gaps) where state = 'proposed';
  create table bare_blocks (id text primary key, workspace_id text not null, agent_id text not null, key text not null,
    args jsonb not null, course_id text not null references bare_courses, created_at timestamptz not null);
  create unique index on bare_blocks (workspace_id, agent_id, key);
  create table bare_journal (id text primary key, kind text not null, subject_id text not null, body text not null,
    recorded_at timestamptz not null);`

/** What it takes from the attempt of a student to its block and the training that is proposed, among many others. */
export async function training() {
  const server = await openPostgres()
  const governor = await createGovernor({
    database: server.url,
    migrate: true,
    workspaces: [CROWDED, EMPTY],
    actions: { 'refund.create': { risk: 'high' } },
    report: () => undefined,
  })
  const store = new pg.Pool({ connectionString: server.url, max: 2 })
  try {
    await store.query(BARE)
    await addOthers(store)
    for (const workspace of [CROWDED, EMPTY]) await addStudents(store, workspace)
    await store.query('vacuum analyze')
    let next = 0
    const contestants = {
      ours: () => block(governor, CROWDED, next++),
      empty: () => block(governor, EMPTY, next++),
      bare: () => writeByHand(store),
    }
    const samples = { ours: [], empty: [], bare: [] }
    for (const run of Object.values(contestants)) await timed(run)
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, run] of Object.entries(contestants)) samples[name].push(await timed(run))
    }
    return rowsOf(samples)
  } finally {
    await store.end()
    await governor.close()
    await server.close()
  }
}

/** Blocks a student for the first time, which proposes a course. */
async function block(governor, workspace, index) {
  const agent = `student-${index}`
  const scope = governor.as({ workspace, principal: { kind: 'agent', id: agent, roles: [] } })
  const decision = await scope.decide({ agent, action: 'refund.create', args: ARGS })
  assertRoute(decision, 'training')
  if (decision.trainingProposal.repeats !== 1) throw new Error('The benchmark expected a course of its own.')
}

/** Milliseconds of single operations, in order. */
async function timed(run) {
  const times = []
  for (let index = 0; index < BLOCKS; index += 1) {
    const started = performance.now()
    await run()
    times.push(performance.now() - started)
  }
  return times.sort((first, second) => first - second)
}

function rowsOf({ ours, empty, bare }) {
  const unit = 'ms'
  const at = (rounds, share) => median(rounds.map((times) => times[Math.floor(times.length * share)]))
  const [middle, late] = [0.5, 0.99]
  return [
    atMost({
      ...{ name: `T1 blocked attempt to proposed training among ${OTHERS}, P99 / 50 ms`, unit, as: 'limit' },
      ...{ ours: at(ours, late), other: MOST_MS, gate: 1, moonshot: 0.2 },
    }),
    reported({ name: 'the same P50 / in an empty workspace', ours: at(ours, middle), other: at(empty, middle), unit }),
    reported({
      name: 'the same P50 / BEGIN + 4 INSERT + COMMIT',
      ours: at(ours, middle),
      other: at(bare, middle),
      unit,
    }),
    reported({ name: 'the same P99 / BEGIN + 4 INSERT + COMMIT', ours: at(ours, late), other: at(bare, late), unit }),
  ]
}

/** BEGIN, four prepared inserts and COMMIT, as one would write them by hand. */
async function writeByHand(store) {
  const client = await store.connect()
  const [id, now] = [randomUUID(), new Date()]
  const insert = (name, text, values) => client.query({ name, text, values })
  await client.query('begin')
  await insert('course', 'insert into bare_courses values ($1, $2, $3, $4, $5, $6, $7)', [
    ...[id, 'default', id, ['refund', 'reconciliation'], { steps: [], hours: 24 }, 'proposed', now],
  ])
  await insert('block', 'insert into bare_blocks values ($1, $2, $3, $4, $5, $6, $7)', [
    ...[id, 'default', id, id, ARGS, id, now],
  ])
  for (const kind of ['decision.made', 'training_proposal.created']) {
    const values = [randomUUID(), kind, id, JSON.stringify(ARGS), now]
    await insert('journal', 'insert into bare_journal values ($1, $2, $3, $4, $5)', values)
  }
  await client.query('commit')
  client.release()
}

/** Registers students that are new to the gate. */
async function addStudents(store, workspace) {
  const each = `from generate_series(0, ${STUDENTS - 1}) n`
  await withoutTriggers(store, [
    `insert into agents (workspace_id, id, display_name, category, owner_id, created_at, updated_at)
       select '${workspace}', 'student-' || n, 'A', 'Finance', 'system', now(), now() ${each}`,
    `insert into maturity_records (workspace_id, agent_id, maturity, confidence, maturity_since, updated_at)
       select '${workspace}', 'student-' || n, 'student', 3000, now(), now() ${each}`,
  ])
}

/** Other agents of the same category, each with a block, a course that was approved, and a session that was finished. */
async function addOthers(store) {
  const each = `from generate_series(1, ${OTHERS}) n`
  await withoutTriggers(store, [
    `insert into agents (workspace_id, id, display_name, category, owner_id, created_at, updated_at)
       select 'default', 'other-' || n, 'A', 'Finance', 'system', now(), now() ${each}`,
    `insert into maturity_records (workspace_id, agent_id, maturity, confidence, maturity_since, updated_at)
       select 'default', 'other-' || n, 'intern', 5000, now(), now() ${each}`,
    `insert into training_proposals (id, workspace_id, agent_id, capability, gaps, gap_key, title, plan, state,
         created_at, updated_at)
       select 'trp_other_' || n, 'default', 'other-' || n, 'refund', '{refund}', 'k', 'T', '{}', 'approved',
         now() - n * interval '1 minute', now() ${each}`,
    `insert into blocked_triggers (id, workspace_id, agent_id, decision_id, idempotency_key, source, action, args_hash,
         args, maturity, confidence, route, training_proposal_id, created_at)
       select 'blk_other_' || n, 'default', 'other-' || n, 'dec_other_' || n, 'k', 'ai_coordinator', 'refund.create', 'h',
         '{}', 'student', 3000, 'training', 'trp_other_' || n, now() - n * interval '1 minute' ${each}`,
    `insert into training_sessions (id, workspace_id, agent_id, training_proposal_id, capability, category, gaps, state,
         duration_hours, hours_per_day, starts_at, ends_at, approved_by, score, active_ms, ended_at, created_at, updated_at)
       select 'trs_other_' || n, 'default', 'other-' || n, 'trp_other_' || n, 'refund', 'finance', '{refund}', 'completed',
         20, 8, now(), now(), 'user:ana', 8000, 3600000, now() - n * interval '1 minute', now(), now() ${each}`,
  ])
}

/** Finished sessions cannot be written as such: the guards of the tables are off for these rows. */
async function withoutTriggers(store, statements) {
  const client = await store.connect()
  try {
    await client.query('begin')
    await client.query("set local session_replication_role = 'replica'")
    for (const statement of statements) await client.query(statement)
    await client.query('commit')
  } finally {
    client.release()
  }
}
