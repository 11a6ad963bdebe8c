import { createGovernor } from '@preceptor/core'
import pg from 'pg'
import { makeListsLong } from '../../setup/long-lists.mjs'
import { median } from '../measure.mjs'
import { assertRoute } from '../open-gate.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atMost } from '../table.mjs'

/** Fewer take less time and disk. */
const ROWS = Number(process.env.BENCH_ROWS ?? 1_000_000)
const JOURNAL_ROWS = Number(process.env.BENCH_JOURNAL_ROWS ?? ROWS * 10)
const PAGES = 1_000
const LIMIT = 20
/** How many pages at the beginning, and at the end, stand for the first and for the last. */
const EDGE = 100
const CEILING_MS = 50
const workspace = 'default'
const agent = 'bot-1'
const OPTIONS = { actions: { 'refund.create': { risk: 'high' } }, report: () => undefined }

/** Lists of a million proposals and of ten million rows of the journal, read page by page. */
export async function lists() {
  const server = await openPostgres()
  const store = new pg.Pool({ connectionString: server.url, max: 2 })
  try {
    await fill(server.url, store)
    const governor = await createGovernor({ database: server.url, ...OPTIONS })
    try {
      const admin = governor.as({ workspace, principal: { kind: 'user', id: 'ada', roles: ['admin'] } })
      const rows = []
      for (const [name, read] of Object.entries(readsOf(admin))) rows.push(...rowsOf(name, await walk(read)))
      return rows
    } finally {
      await governor.close()
    }
  } finally {
    await store.end()
    await server.close()
  }
}

async function fill(url, store) {
  const governor = await createGovernor({ database: url, migrate: true, ...OPTIONS })
  const as = (kind, id, roles) => governor.as({ workspace, principal: { kind, id, roles } })
  await as('user', 'ada', ['admin']).agents.register({ id: agent, maturity: 'intern' })
  const trigger = { agent, action: 'refund.create', args: { order: 'o-1', cents: 1_250 } }
  const decision = await as('agent', agent, []).decide(trigger)
  assertRoute(decision, 'proposal')
  await governor.jobs.run('seal-journal', { workspace })
  await governor.close()
  const size = { workspace, proposal: decision.proposal.id, proposals: ROWS, journal: JOURNAL_ROWS }
  await makeListsLong(store, size, (line) => process.stderr.write(`bench: ${line}\n`))
}

function readsOf(admin) {
  return {
    'the inbox: what is pending': (page) => admin.proposals.list({ state: 'pending', ...page }),
    'all proposals': (page) => admin.proposals.list(page),
    'proposals of an agent': (page) => admin.proposals.list({ agent, ...page }),
    'the journal, newest first': (page) => admin.journal.list(page),
    'the journal, as it is sealed': (page) => admin.journal.list({ after: 0, ...page }),
    'the journal, of an agent': (page) => admin.journal.list({ agent, ...page }),
    'the timeline of an agent': (page) => admin.agents.timeline(agent, page),
  }
}

/** Milliseconds of each page, one after the other, as far as there are some. */
async function walk(read) {
  await read({ limit: LIMIT })
  const times = []
  let cursor
  for (let number = 0; number < PAGES; number += 1) {
    const started = performance.now()
    const { next } = await read({ limit: LIMIT, ...(cursor !== undefined && { cursor }) })
    times.push(performance.now() - started)
    if (next === null || next === undefined) break
    cursor = next
  }
  return times
}

function rowsOf(name, times) {
  const p99 = times.toSorted((one, other) => one - other)[Math.floor(times.length * 0.99)]
  const goal = { goal: `< ${CEILING_MS} ms`, moonshot: '-', met: p99 < CEILING_MS }
  const edge = Math.max(1, Math.min(EDGE, Math.floor(times.length / 2)))
  return [
    {
      name: `${name}, p99 of ${times.length} pages`,
      ours: p99,
      peer: null,
      limit: CEILING_MS,
      ratio: p99 / CEILING_MS,
      ...goal,
      unit: 'ms',
    },
    atMost({
      ...{ name: `${name}, the last ${edge} pages / the first ${edge}, p50`, as: 'peer', unit: 'ms' },
      ...{ ours: median(times.slice(-edge)), other: median(times.slice(0, edge)), gate: 1.5, moonshot: 1.1 },
    }),
  ]
}
