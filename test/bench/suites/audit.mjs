import { createHash, hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import pg from 'pg'
import { CORE_MIGRATIONS } from '../../../packages/core/dist/database/migrations/index.js'
import { applyMigrations } from '../../../packages/core/dist/database/migrator.js'
import { openDatabase } from '../../../packages/core/dist/database/open-database.js'
import { inWorkspace } from '../../../packages/core/dist/database/transaction.js'
import { canonicalText } from '../../../packages/core/dist/journal/canonical-text.js'
import { GENESIS_HASH, hashOf, rowText } from '../../../packages/core/dist/journal/chain.js'
import { createJournal } from '../../../packages/core/dist/journal/journal.js'
import { verifyJournal } from '../../../packages/core/dist/journal/verify.js'
import { systemClock } from '../../../packages/core/dist/kernel/clock.js'
import { createIds } from '../../../packages/core/dist/kernel/ids.js'
import { compare, median } from '../measure.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atLeast, atMost, faster, reported } from '../table.mjs'

const CALLERS = 8
const SLICE_MS = 1_000
const ROUNDS = 5
const SEALED_WITHIN_MS = 1_000
const WORKSPACE = 'default'
const BODY = {
  actor: 'agent:refund-bot',
  action: 'refund.create',
  route: 'proposal',
  maturity: 'intern',
  confidence: 6_120,
  risk: 'high',
  reason: 'The agent "refund-bot" counts as intern here; an action of high risk needs the approval of a person.',
  argsHash: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
  policyVersion: 3,
}
const RECORDED_AT = '2026-01-01T00:00:00.000Z'

/** What the journal costs: in memory, when it is written, and when it is verified. */
export async function audit() {
  const memory = await inMemory()
  const server = await openPostgres()
  try {
    return [...memoryRows(memory), ...(await written(server.url, memory))]
  } finally {
    await server.close()
  }
}

const rowAt = (sequence, body) => ({
  id: `jrn_${sequence}`,
  kind: 'decision.made',
  subject: `dec_${sequence}`,
  agent: 'refund-bot',
  body,
  recordedAt: RECORDED_AT,
  sequence,
  workspace: WORKSPACE,
})

/** A chain is made longer: as the journal does, with the usual libraries, and with nothing but the hashes. */
function inMemory() {
  const ours = { sequence: 0, hash: GENESIS_HASH }
  const theirs = { sequence: 0, hash: GENESIS_HASH }
  const text = rowText(rowAt(1, canonicalText(BODY)))
  let bare = GENESIS_HASH
  return compare({
    ours: {
      run() {
        ours.sequence += 1
        ours.hash = hashOf(ours.hash, rowAt(ours.sequence, canonicalText(BODY)))
      },
      batch: 500,
    },
    libraries: {
      run() {
        theirs.sequence += 1
        const row = canonicalize(rowAt(theirs.sequence, BODY))
        theirs.hash = createHash('sha256').update(`${theirs.hash}\n${row}`).digest('hex')
      },
      batch: 200,
    },
    bare: {
      run() {
        bare = hash('sha256', `${bare}\n${text}`, 'hex')
      },
      batch: 500,
    },
  })
}

function memoryRows({ ours, libraries, bare }) {
  const unit = 'ns'
  return [
    faster({
      ...{ name: 'A1 canonical text and hash of a row / canonicalize + createHash', unit },
      ...{ ours, other: libraries, gate: 3, moonshot: 4 },
    }),
    atMost({
      ...{ name: 'A2 the same / the hash alone', unit, as: 'limit' },
      ...{ ours, other: bare, gate: 4, moonshot: 2.5 },
    }),
  ]
}

async function written(url, { bare }) {
  const database = await openDatabase({ url })
  const pool = new pg.Pool({ connectionString: url, max: CALLERS })
  const ports = {
    database,
    clock: systemClock,
    ids: createIds({ clock: systemClock }),
    failpoint: async () => undefined,
    report,
  }
  try {
    await applyMigrations(database, [{ namespace: 'core', migrations: CORE_MIGRATIONS }])
    await pool.query(PEERS)
    const journal = createJournal(ports)
    try {
      const rates = await inTurn({ journal, database, pool })
      return writtenRows(rates, { sealed: await lastSealed(pool), verified: await verification(ports), bare })
    } finally {
      await journal.close()
    }
  } finally {
    await pool.end()
    await database.close()
  }
}

const report = ({ message }) => {
  throw new Error(message)
}

const COLUMNS = `id text primary key, kind text not null, subject_id text not null, agent_id text, body text not null,
  recorded_at timestamptz not null`
const PEERS = `create table plain_journal (${COLUMNS});
  create table locked_journal (${COLUMNS}, sequence bigint not null, hash text not null);
  create table locked_head (one int primary key, sequence bigint not null, hash text not null);
  insert into locked_head values (1, 0, '${GENESIS_HASH}')`

/** Rows a second of 8 callers, in turn. */
async function inTurn({ journal, database, pool }) {
  const rates = { ours: [], plain: [], locked: [] }
  let last = 0
  const next = () => {
    last += 1
    return last
  }
  const draft = () => ({ kind: 'decision.made', subject: `dec_${next()}`, agent: 'refund-bot', body: BODY })
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.ours.push(
      await rateOf(() =>
        inWorkspace(database, { workspace: WORKSPACE, named: true }, (tx) => journal.append(tx, draft())),
      ),
    )
    rates.plain.push(await rateOf(() => insertPlain(pool, next())))
    rates.locked.push(await rateOf(() => appendLocked(pool, next())))
  }
  return Object.fromEntries(Object.entries(rates).map(([name, values]) => [name, median(values)]))
}

async function rateOf(run) {
  let count = 0
  const from = performance.now()
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      while (performance.now() - from < SLICE_MS) {
        await run()
        count += 1
      }
    }),
  )
  return (count * 1_000) / (performance.now() - from)
}

const valuesOf = (row) => [row.id, row.kind, row.subject, row.agent, row.body, row.recordedAt]

function insertPlain(pool, sequence) {
  const values = valuesOf(rowAt(sequence, canonicalText(BODY)))
  return pool.query({ name: 'plain', text: 'insert into plain_journal values ($1, $2, $3, $4, $5, $6)', values })
}

/** What most do who chain rows: the head is locked until the row that follows it is committed. */
async function appendLocked(pool, id) {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query({
      name: 'head',
      text: 'select sequence, hash from locked_head where one = 1 for update',
    })
    const sequence = Number(rows[0].sequence) + 1
    const row = rowAt(id, canonicalText(BODY))
    const next = hashOf(rows[0].hash, { ...row, sequence })
    await client.query({
      name: 'chained',
      text: 'insert into locked_journal values ($1, $2, $3, $4, $5, $6, $7, $8)',
      values: [...valuesOf(row), sequence, next],
    })
    await client.query({
      name: 'move',
      text: 'update locked_head set sequence = $1, hash = $2 where one = 1',
      values: [sequence, next],
    })
    await client.query('commit')
  } finally {
    client.release()
  }
}

/** Milliseconds until the last row that was written has its place in the chain. */
async function lastSealed(pool) {
  const from = performance.now()
  for (;;) {
    const { rows } = await pool.query(
      'select exists (select from journal j where not exists (select from journal_seals s where s.journal_id = j.id)) as waits',
    )
    if (!rows[0].waits) return performance.now() - from
  }
}

/** Nanoseconds a row. */
async function verification(ports) {
  const times = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const from = performance.now()
    const { ok, checked, problem } = await verifyJournal(ports, WORKSPACE)
    if (!ok) throw new Error(problem?.what)
    times.push(((performance.now() - from) * 1e6) / checked)
  }
  return median(times)
}

function writtenRows({ ours, plain, locked }, { sealed, verified, bare }) {
  const rate = { unit: '/s', as: 'peer' }
  return [
    atLeast({
      ...{ name: `A3 rows in transactions of their own, ${CALLERS} callers / single inserts without a chain`, ...rate },
      ...{ ours, other: plain, gate: 0.85, moonshot: 0.95 },
    }),
    atLeast({
      ...{ name: 'A4 the same / a chain under a lock of its head', ...rate },
      ...{ ours, other: locked, gate: 4, moonshot: 6 },
    }),
    atMost({
      ...{ name: 'A3 the last of them sealed / a second', unit: 'ms', as: 'limit' },
      ...{ ours: sealed, other: SEALED_WITHIN_MS, gate: 1, moonshot: 0.1 },
    }),
    atLeast({
      ...{ name: 'A5 rows verified, read from the database / hashes alone', unit: '/s', as: 'limit' },
      ...{ ours: 1e9 / verified, other: 1e9 / bare, gate: 0.4, moonshot: 0.6 },
    }),
    reported({ name: 'rows verified', ours: 1e9 / verified, other: null, unit: '/s' }),
  ]
}
