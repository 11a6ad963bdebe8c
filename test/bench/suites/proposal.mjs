import { randomUUID } from 'node:crypto'
import { createGovernor } from '@preceptor/core'
import pg from 'pg'
import { median } from '../measure.mjs'
import { assertRoute } from '../open-gate.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atLeast, atMost, reported } from '../table.mjs'

const ROUNDS = 7
const ALONE = 60
const CALLERS = 8
const TOGETHER_MS = 500
const ARGS = { order: 'o-1', cents: 1_250, reason: 'The parcel never came.' }
const TABLES = `
  create table bare_proposals (id text primary key, workspace_id text not null, agent_id text not null, key text not null,
    state text not null, args jsonb not null, expires_at timestamptz not null, created_at timestamptz not null);
  create unique index on bare_proposals (workspace_id, agent_id, key);
  create table bare_versions (proposal_id text not null, version int not null, args jsonb not null, hash text not null,
    primary key (proposal_id, version));
  create table bare_journal (id text primary key, kind text not null, subject_id text not null, body text not null,
    recorded_at timestamptz not null);
  create index on bare_journal (subject_id);`

/** What a durable pending proposal costs, against the least that a program of one's own would write. */
export async function proposal() {
  const server = await openPostgres()
  const governor = await createGovernor({
    database: server.url,
    migrate: true,
    actions: { 'refund.create': { risk: 'high' } },
    report: () => undefined,
  })
  const bare = new pg.Pool({ connectionString: server.url, max: CALLERS })
  try {
    await bare.query(TABLES)
    const admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'bench', roles: ['admin'] } })
    for (let index = 0; index < CALLERS; index += 1)
      await admin.agents.register({ id: `bot-${index}`, maturity: 'intern' })
    const ours = (caller, keyed = false) => propose(governor, caller, keyed)
    return [...(await alone(bare, ours)), ...(await together(bare, ours))]
  } finally {
    await bare.end()
    await governor.close()
    await server.close()
  }
}

async function propose(governor, caller, keyed) {
  const agent = `bot-${caller}`
  const scope = governor.as({ workspace: 'default', principal: { kind: 'agent', id: agent, roles: [] } })
  const key = keyed ? { idempotencyKey: randomUUID() } : {}
  assertRoute(await scope.decide({ agent, action: 'refund.create', args: ARGS, ...key }), 'proposal')
}

const insert = (id) => ({
  name: 'insert-proposal',
  text: 'insert into bare_proposals values ($1, $2, $3, $4, $5, $6, $7, $8)',
  values: [id, 'default', 'bot', id, 'pending', ARGS, new Date(Date.now() + 86_400_000), new Date()],
})

/** BEGIN, three prepared inserts and COMMIT, as one would write them by hand. */
async function insertThree(client) {
  const id = randomUUID()
  await client.query('begin')
  await client.query(insert(id))
  await client.query({
    name: 'insert-version',
    text: 'insert into bare_versions values ($1, 1, $2, $3)',
    values: [id, ARGS, '0'.repeat(64)],
  })
  await client.query({
    name: 'insert-journal',
    text: 'insert into bare_journal values ($1, $2, $3, $4, $5)',
    values: [randomUUID(), 'proposal.created', id, JSON.stringify(ARGS), new Date()],
  })
  await client.query('commit')
}

async function alone(bare, ours) {
  const client = await bare.connect()
  const contestants = {
    ours: () => ours(0),
    keyed: () => ours(0, true),
    one: () => client.query(insert(randomUUID())),
    three: () => insertThree(client),
  }
  const samples = { ours: [], keyed: [], one: [], three: [] }
  for (const run of Object.values(contestants)) await middleOf(run)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(contestants)) samples[name].push(await middleOf(run))
  }
  client.release()
  const [one, three, own, keyed] = [samples.one, samples.three, samples.ours, samples.keyed].map(median)
  const unit = 'ms'
  return [
    atMost({
      ...{ name: 'P2 trigger to pending proposal, 1 caller P50 / one bare prepared INSERT', unit },
      ...{ ours: own, other: one, as: 'limit', gate: 3, moonshot: 1.5 },
    }),
    reported({ name: 'the same / BEGIN + 3 INSERT + COMMIT by hand', ours: own, other: three, unit }),
    reported({ name: 'the same with an idempotency key / BEGIN + 3 INSERT + COMMIT', ours: keyed, other: three, unit }),
  ]
}

/** The median of single operations, in milliseconds. */
async function middleOf(run) {
  const times = []
  for (let index = 0; index < ALONE; index += 1) {
    const started = performance.now()
    await run()
    times.push(performance.now() - started)
  }
  return median(times)
}

async function together(bare, ours) {
  const clients = await Promise.all(Array.from({ length: CALLERS }, () => bare.connect()))
  const contestants = { ours: (caller) => ours(caller), three: (caller) => insertThree(clients[caller]) }
  const rates = { ours: [], three: [] }
  for (const run of Object.values(contestants)) await rateOf(run)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(contestants)) rates[name].push(await rateOf(run))
  }
  for (const client of clients) client.release()
  return [
    atLeast({
      ...{ name: `P2 ${CALLERS} callers / BEGIN + 3 INSERT + COMMIT by hand`, unit: '/s', as: 'peer' },
      ...{ ours: median(rates.ours), other: median(rates.three), gate: 0.7, moonshot: 1 },
    }),
  ]
}

/** Operations a second of several callers. */
async function rateOf(run) {
  const from = performance.now()
  let done = 0
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, caller) => {
      while (performance.now() - from < TOGETHER_MS) {
        await run(caller)
        done += 1
      }
    }),
  )
  return (done * 1_000) / (performance.now() - from)
}
