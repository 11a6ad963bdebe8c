import { createGovernor } from '@preceptor/core'
import pg from 'pg'
import { LARGE_OPTIONS, lookAfter, prepareWorkspace } from '../../setup/large-workspace.mjs'
import { median } from '../measure.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atMost, reported } from '../table.mjs'

const SMALL = 10_000
/** Fewer take less time and disk: a million take gigabytes and many minutes. */
const LARGE = Number(process.env.BENCH_DECISIONS ?? 1_000_000)
const ROUNDS = 7
const READS = ['summary', 'decisions', 'routing', 'maturity', 'reviewers', 'training', 'supervision', 'system']
/** Decisions that are new to the job, in each of its rounds. */
const NEW = 1_000
const NEW_ROUNDS = 5
const workspace = 'default'

/** What analyses take in a workspace with a million decisions, beside one with 10,000 in a database of its own. */
export async function analytics() {
  const opened = []
  try {
    for (const decisions of [LARGE, SMALL]) opened.push(await openFilled(decisions))
    const [large, small] = opened
    return [...(await compareReads(large, small)), ...(await compareJob(large, small))]
  } finally {
    for (const { close } of opened) await close()
  }
}

async function openFilled(decisions) {
  const server = await openPostgres()
  const governor = await createGovernor({ database: server.url, migrate: true, ...LARGE_OPTIONS })
  const store = new pg.Pool({ connectionString: server.url, max: 2 })
  const close = async () => {
    await store.end()
    await governor.close()
    await server.close()
  }
  try {
    const { write } = await prepareWorkspace({ governor, store }, { workspace, decisions })
    const fresh = NEW * NEW_ROUNDS
    await write(0, decisions - fresh, (line) => process.stderr.write(`bench: ${line}\n`))
    await governor.jobs.run('count-decisions', {})
    await lookAfter(store)
    const times = []
    for (let round = NEW_ROUNDS; round > 0; round -= 1) {
      const before = await rowsOf(store)
      await write(decisions - round * NEW, decisions - (round - 1) * NEW)
      const started = performance.now()
      await governor.jobs.run('count-decisions', {})
      times.push(((performance.now() - started) * 1e3) / ((await rowsOf(store)) - before))
    }
    await lookAfter(store)
    const admin = governor.as({ workspace, principal: { kind: 'user', id: 'ada', roles: ['admin'] } })
    return { admin, perRow: median(times), journal: await rowsOf(store), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function rowsOf(store) {
  const { rows } = await store.query('select sequence::int as rows from journal_heads where workspace_id = $1', [
    workspace,
  ])
  return rows[0].rows
}

async function compareReads(large, small) {
  const found = []
  for (const read of READS) {
    const times = { large: [], small: [] }
    for (let round = -1; round < ROUNDS; round += 1) {
      for (const [name, { admin }] of Object.entries({ large, small })) {
        const started = performance.now()
        await admin.analytics[read]({})
        if (round >= 0) times[name].push(performance.now() - started)
      }
    }
    const [ours, other] = [median(times.large), median(times.small)]
    const name = `${read} of 30 days: ${LARGE} decisions / ${SMALL}`
    found.push(atMost({ name, ours, other, as: 'peer', gate: 5, moonshot: 1.5, unit: 'ms' }))
  }
  return found
}

function compareJob(large, small) {
  const name = `the job per row that is new to it: ${large.journal} rows of the journal / ${small.journal}`
  return [
    atMost({ name, ours: large.perRow, other: small.perRow, as: 'peer', gate: 2, moonshot: 1.2, unit: 'us' }),
    reported({ name: 'rows of the journal', ours: large.journal, other: small.journal, unit: '' }),
  ]
}
