import { createGovernor } from '@preceptor/core'
import pg from 'pg'
import { exponential, logNormal, simulate } from '../capacity/simulate.mjs'
import { median } from '../measure.mjs'
import { assertRoute } from '../open-gate.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { reported } from '../table.mjs'

const ROUNDS = 7
const ROUND_MS = 1_000
const SEED = 20_261_123
const ARRIVALS = 200_000
const FLEETS = [100, 1_000, 10_000, 100_000]

/** What is assumed; docs/scale.md says so beside the table. */
const ASSUMED = {
  actionsADay: 200,
  /** The busiest hour of a day beside its mean. */
  peak: 4,
  /** Of 1 action: what is safe or read, what an autonomous agent changes, what waits for a person. */
  shares: { safe: 0.65, medium: 0.33, proposal: 0.02 },
  /** Seconds that a person takes to decide: the median, and the standard deviation of its logarithm. */
  decides: { median: 30, spread: 1 },
  /** No station is planned to be busier than this. */
  busiest: 0.7,
}
const OPTIONS = {
  actions: { 'order.read': { risk: 'safe' }, 'note.write': { risk: 'medium' }, 'refund.create': { risk: 'high' } },
  rateLimits: {
    principal: { points: 50_000_000, seconds: 60 },
    agent: { points: 50_000_000, seconds: 60 },
    workspace: { points: 50_000_000, seconds: 60 },
  },
  report: () => undefined,
}
const workspace = 'default'

/** What a fleet of agents needs, simulated from what one action takes here. */
export async function capacity() {
  const costs = await measureCosts()
  return [
    ...Object.entries(costs).flatMap(([kind, { process, database }]) => [
      row(`${kind}: of the processor of a process`, process * 1e3, 'ms'),
      row(`${kind}: of Postgres and of the way to it`, database * 1e3, 'ms'),
    ]),
    ...FLEETS.flatMap((agents) => rowsOf(agents, costs)),
  ]
}

const row = (name, ours, unit) => reported({ name, ours, other: null, unit })

/** Seconds that an action of each kind takes, alone: of the processor of the process, and of the rest. */
async function measureCosts() {
  const server = await openPostgres()
  const governor = await createGovernor({ database: server.url, migrate: true, ...OPTIONS })
  const store = new pg.Pool({ connectionString: server.url, max: 1 })
  try {
    const as = (kind, id, roles = []) => governor.as({ workspace, principal: { kind, id, roles } })
    const admin = as('user', 'ada', ['admin'])
    await admin.agents.register({ id: 'autonomous', maturity: 'autonomous' })
    await admin.agents.register({ id: 'intern', maturity: 'intern' })
    const run = (action) => as('agent', 'autonomous').guard({ agent: 'autonomous', action, args: {} }, () => 'done')
    const ask = async () => {
      const trigger = { agent: 'intern', action: 'refund.create', args: { order: 'o-1', cents: 1_250 } }
      assertRoute(await as('agent', 'intern').decide(trigger), 'proposal')
    }
    return {
      safe: await measure(() => run('order.read')),
      medium: await measure(() => run('note.write')),
      proposal: await measure(ask),
    }
  } finally {
    await store.end()
    await governor.close()
    await server.close()
  }
}

async function measure(run) {
  const found = { process: [], database: [] }
  for (let round = -1; round < ROUNDS; round += 1) {
    const [started, before] = [performance.now(), process.cpuUsage()]
    let count = 0
    for (; performance.now() - started < ROUND_MS; count += 1) await run()
    const { user, system } = process.cpuUsage(before)
    const each = (performance.now() - started) / 1e3 / count
    const own = Math.min(each, (user + system) / 1e6 / count)
    if (round < 0) continue
    found.process.push(own)
    found.database.push(each - own)
  }
  return { process: median(found.process), database: median(found.database) }
}

function rowsOf(agents, costs) {
  const { actionsADay, peak, shares, decides, busiest } = ASSUMED
  const perSecond = (agents * actionsADay * peak) / 86_400
  const needed = (each) => Math.max(1, Math.ceil((perSecond * each) / busiest))
  const mean = (what) => Object.entries(shares).reduce((sum, [kind, share]) => sum + share * costs[kind][what], 0)
  const decide = shares.proposal * decides.median * Math.exp(decides.spread ** 2 / 2)
  const stations = [
    { name: 'process', servers: needed(mean('process')) },
    { name: 'database', servers: needed(mean('database')) },
    { name: 'person', servers: needed(decide) },
  ]
  const kinds = Object.entries(shares).map(([kind, share]) => ({ share, service: serviceOf(kind, costs[kind]) }))
  const simulated = simulate({ stations, kinds, perSecond, arrivals: ARRIVALS, seed: SEED })
  const fleet = `${agents.toLocaleString('en-US')} agents, ${perSecond.toFixed(1)} actions a second`
  const wait = (name) => simulated[name].waited[Math.floor(simulated[name].waited.length * 0.99)] ?? 0
  return stations.flatMap(({ name, servers }) => [
    row(`${fleet}: ${NAMES[name]} needed`, servers, ''),
    row(
      `${fleet}: p99 of the wait for one`,
      name === 'person' ? wait(name) : wait(name) * 1e3,
      name === 'person' ? 's' : 'ms',
    ),
  ])
}

const NAMES = { process: 'processes', database: 'cores of Postgres', person: 'people who decide' }

function serviceOf(kind, { process: own, database }) {
  const { median: middle, spread } = ASSUMED.decides
  const service = { process: exponential(own), database: exponential(database) }
  return kind === 'proposal' ? { ...service, person: logNormal(middle, spread) } : service
}
