import type { ControlScope, JournalVerification } from '@preceptor/client'
import { createGovernor, defineActions, type EmbeddedGovernor } from '@preceptor/core'
import { dashboard } from '@preceptor/dashboard'
import { callerAddress, governanceApi } from '@preceptor/hono-middleware'
import { createMcpEndpoint, type McpEndpoint } from '@preceptor/mcp-server'
import { createWorker } from '@preceptor/worker'
import { Hono } from 'hono'
import { prepareFleet } from './fleet.ts'
import { openLog } from './log.ts'
import { MCP_ACTIONS } from './mcp-fleet.ts'
import { openModel } from './model.ts'
import { type DemoOptions, FOLDER } from './options.ts'
import { playRound } from './play-round.ts'
import type { Outcome } from './report.ts'
import { openRound } from './round.ts'
import { serveApp } from './server.ts'
import { openShop, type Shop } from './shop.ts'
import { shopRoutes } from './shop-routes.ts'
import { STOCK_ACTION } from './stock-sync.ts'
import { PRESENT_FOR_MS } from './supervisor-console.ts'

/** The demo after its round, still serving. */
export interface Demo {
  readonly outcome: Outcome
  readonly address: string
  /** The host itself, which administers. */
  readonly system: ControlScope
  /** Ends everything, in the order in which it depends on each other. */
  close(): Promise<void>
}

type Close = () => Promise<void>

/** Opens everything, plays a round, and leaves the control plane serving. */
export async function runDemo(options: DemoOptions, progress: (line: string) => void): Promise<Demo> {
  const opened: Close[] = []
  const close: Close = async () => {
    for (const part of opened.splice(0).reverse()) await part()
  }
  const keep = <Part>(part: Part, end: Close): Part => {
    opened.push(end)
    return part
  }
  try {
    const governor = await openGovernor(options, progress)
    keep(governor, () => governor.close())
    const system = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'demo', roles: [] } })
    await prepareFleet(system)
    const worker = await createWorker(governor, { concurrency: 2 })
    keep(worker, () => worker.close())
    const shop = openShop(options.effects)
    const endpoint = createMcpEndpoint(governor, { actions: MCP_ACTIONS })
    keep(endpoint, () => endpoint.close())
    const server = await serveApp(demoApp({ governor, shop, endpoint }), options.port)
    keep(server, () => server.close())
    const model = await openModel(options)
    keep(model, () => model.close())
    const round = openRound()
    if (round.resumed)
      progress('the last round was interrupted: its attempts are made again, and nothing is done twice')
    const log = openLog(options.received)
    const address = `http://127.0.0.1:${server.port}`
    const stage = { governor, system, server: address, shop, model, log, round: round.id, progress }
    const played = await playRound(stage)
    round.finish()
    const journal: JournalVerification = await system.journal.verify()
    const about = { round: round.id, resumed: round.resumed, model: model.name, journal, ...played }
    return { outcome: { ...about, rows: log.rows, effects: shop.effects }, address, system, close }
  } catch (error) {
    await close().catch(() => undefined)
    throw error
  }
}

function openGovernor(options: DemoOptions, progress: (line: string) => void): Promise<EmbeddedGovernor> {
  if (options.database !== undefined) progress('opening the database at DATABASE_URL')
  else progress(`opening the embedded database in ${FOLDER}, which is for development: a power loss may lose data`)
  return createGovernor({
    ...(options.database === undefined ? { dataFolder: FOLDER } : { database: options.database }),
    ...(options.redis === undefined ? {} : { redis: options.redis }),
    migrate: true,
    production: options.production,
    actions: defineActions(STOCK_ACTION),
    settings: { awayAfterMs: PRESENT_FOR_MS },
    report: ({ code, message }) => progress(`${code}: ${message}`),
  })
}

interface Served {
  readonly governor: EmbeddedGovernor
  readonly shop: Shop
  readonly endpoint: McpEndpoint
}

function demoApp({ governor, shop, endpoint }: Served): Hono {
  const app = new Hono()
  app.route('/api', governanceApi(governor))
  app.route('/dashboard', dashboard(governor))
  app.route('/shop', shopRoutes(governor, shop))
  app.all('/mcp', (c) => endpoint.fetch(c.req.raw, callerAddress(c)))
  return app
}
