import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { specifyAction } from '../../../packages/core/dist/actions/specify-action.js'
import { CORE_MIGRATIONS } from '../../../packages/core/dist/database/migrations/index.js'
import { applyMigrations } from '../../../packages/core/dist/database/migrator.js'
import { openDatabase } from '../../../packages/core/dist/database/open-database.js'
import { systemClock } from '../../../packages/core/dist/kernel/clock.js'
import { createPolicyCache } from '../../../packages/core/dist/policy/policy-cache.js'
import { startLease } from '../../../packages/core/dist/routing/lease.js'
import { ruleOn } from '../../../packages/core/dist/routing/ruling.js'
import { createSnapshotCache } from '../../../packages/core/dist/routing/snapshot.js'
import { DEFAULT_SETTINGS } from '../../../packages/core/dist/settings.js'
import { compare } from '../measure.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atMost, reported } from '../table.mjs'

const SIZES = [1_000, 100_000, 1_000_000]
const LOADED_AT_ONCE = 5_000
const WORKSPACE = 'default'
const HOUR_MS = 3_600_000
const MOST_GROWTH = 2
const idOf = (index) => `agent-${index}`

/** How a decision from memory grows with the number of agents, beside a plain map of the same size. */
export async function decideScale() {
  const server = await openPostgres()
  try {
    await addAgents(server.url)
    const growth = []
    for (const size of SIZES) growth.push(await at(server.url, size))
    return rows(growth)
  } finally {
    await server.close()
  }
}

async function addAgents(url) {
  const database = await openDatabase({ url, statementDeadlineMs: 0 })
  await applyMigrations(database, [{ namespace: 'core', migrations: CORE_MIGRATIONS }])
  await database.close()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const most = Math.max(...SIZES)
  await client.query(`
    insert into workspaces values ('${WORKSPACE}', '${WORKSPACE}', now()) on conflict do nothing;
    insert into agents (workspace_id, id, display_name, owner_id, created_at, updated_at)
      select '${WORKSPACE}', 'agent-' || n, 'Agent ' || n, 'system', now(), now() from generate_series(0, ${most - 1}) as n;
    insert into maturity_records (workspace_id, agent_id, maturity, confidence, maturity_since, updated_at)
      select '${WORKSPACE}', 'agent-' || n, 'autonomous', 9000, now(), now() from generate_series(0, ${most - 1}) as n`)
  await client.query('vacuum analyze agents, maturity_records')
  await client.end()
}

/** Nanoseconds of a ruling on a random agent of so many, and of the lookups alone. */
async function at(url, size) {
  const database = await openDatabase({ url })
  const settings = { ...DEFAULT_SETTINGS, snapshotTtlMs: HOUR_MS }
  const onFault = (error) => {
    throw error
  }
  const lease = startLease({ database, clock: systemClock, settings, onFault, onTime: () => undefined })
  const policies = createPolicyCache()
  const failpoint = async () => undefined
  const cache = createSnapshotCache({ database, clock: systemClock, settings, policies, lease, failpoint })
  try {
    // Made first: it takes so long among a million that what is known of them would be forgotten.
    const contestants = {
      ours: { run: rulingOn(cache, size), batch: 2_000, rest: () => delay(1) },
      limit: { run: lookupIn(size), batch: 10_000, rest: () => delay(1) },
    }
    await lease.renew()
    const before = heapBytes()
    const from = performance.now()
    await fill(cache, size)
    const [filledMs, bytes] = [performance.now() - from, heapBytes() - before]
    const times = await compare(contestants)
    return { size, ...times, filledMs, bytes }
  } finally {
    await lease.close()
    await database.close()
  }
}

async function fill(cache, size) {
  for (let first = 0; first < size; first += LOADED_AT_ONCE) {
    const count = Math.min(LOADED_AT_ONCE, size - first)
    await cache.load(
      WORKSPACE,
      Array.from({ length: count }, (_, index) => idOf(first + index)),
    )
  }
}

/** Visits all agents in an order that no cache of the processor follows, the same for both. */
function walk(size) {
  const ids = Array.from({ length: size }, (_, index) => idOf(index))
  const step = 7_919
  let place = 0
  return () => {
    place = (place + step) % size
    return ids[place]
  }
}

function rulingOn(cache, size) {
  const action = specifyAction('order.read', { risk: 'safe' })
  const args = { id: 'o-1' }
  const next = walk(size)
  return () => {
    const agent = next()
    const facts = cache.peek(WORKSPACE, [agent])
    if (facts === undefined) throw new Error(`Nothing is known of ${agent}.`)
    const attempt = {
      actor: { workspace: WORKSPACE, principal: { kind: 'agent', id: agent, roles: [] }, source: 'ai_coordinator' },
      trigger: { agent, action: 'order.read', args },
      ...{ keyed: false, idempotencyKey: 'dec_1', decisionId: 'dec_1', decidedAt: '2026-01-01T00:00:00.000Z' },
      resolution: { status: 'resolved', action, args, argsHash: '00' },
    }
    if (ruleOn(attempt, facts, []).route !== 'execution') throw new Error(`${agent} may not.`)
  }
}

function lookupIn(size) {
  const agents = new Map(Array.from({ length: size }, (_, index) => [idOf(index), { level: 3 }]))
  const actions = new Map([['order.read', { risk: 0 }]])
  const next = walk(size)
  return () => {
    const agent = agents.get(next())
    const action = actions.get('order.read')
    return agent !== undefined && action !== undefined && agent.level >= action.risk
  }
}

function heapBytes() {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function rows(growth) {
  const [first, ...others] = growth
  const named = (size) => `${size.toLocaleString('en-US')} agents`
  return [
    ...growth.map(({ size, ours, limit }) =>
      reported({ name: `a ruling from memory among ${named(size)} / two map lookups`, ours, other: limit, unit: 'ns' }),
    ),
    ...others.map(({ size, ours, limit }) =>
      atMost({
        ...{ name: `growth of a ruling from 1,000 to ${named(size)} / growth of the lookups`, unit: 'x', as: 'limit' },
        ...{ ours: ours / first.ours, other: limit / first.limit, gate: MOST_GROWTH, moonshot: 1 },
      }),
    ),
    ...growth.map(({ size, filledMs }) =>
      reported({ name: `${named(size)} read into memory`, ours: filledMs, other: null, unit: 'ms' }),
    ),
    ...growth.map(({ size, bytes }) =>
      reported({ name: `memory of an agent among ${named(size)}`, ours: bytes / size, other: null, unit: 'B' }),
    ),
  ]
}
