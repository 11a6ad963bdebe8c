import { type ControlScope, connectGovernor } from '@preceptor/client'
import { createGovernor, defineActions } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { Hono } from 'hono'
import { z } from 'zod'
import { serveApp } from '../demo/server.ts'
import { syncRoute } from './sync-route.ts'
import type { Warehouse } from './warehouse.ts'

const MOVE = z.strictObject({ article: z.string(), pieces: z.int() })
const ACTIONS = defineActions({
  'stock.move': { args: MOVE, risk: 'medium', description: 'Adds pieces to the stock, or takes them away.' },
  'stock.write_off': { args: MOVE, risk: 'high', description: 'Takes pieces away that nobody can account for.' },
})
/** The agents of the device, and what each has shown so far. */
const AGENTS = [
  { id: 'count-bot', maturity: 'autonomous' },
  { id: 'loss-bot', maturity: 'intern' },
  { id: 'new-bot', maturity: 'student' },
] as const

/** The server that devices send their batches to. */
export interface Plane {
  readonly port: number
  /** The key of the device: its attempts are a synchronisation, whatever it says. */
  readonly deviceKey: string
  /** Ana, over HTTP with a key of hers. */
  readonly ana: ControlScope
  readonly system: ControlScope
  close(): Promise<void>
}

/** Opens the plane on a folder and serves it on 127.0.0.1. */
export async function openPlane(dataFolder: string, warehouse: Warehouse): Promise<Plane> {
  const governor = await createGovernor({
    dataFolder,
    actions: ACTIONS,
    report: () => undefined,
    // A busy machine is no fault here.
    settings: { deadlineMs: 20_000 },
  })
  const system = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'example', roles: [] } })
  for (const agent of AGENTS) await system.agents.register(agent)
  await system.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
  const { secret: deviceKey } = await system.keys.create({
    displayName: 'The device of van 7',
    principalKind: 'service',
    principalId: 'van-7',
    agents: AGENTS.map(({ id }) => id),
    scopes: ['triggers.decide', 'decisions.report'],
    source: 'data_sync',
  })
  const { secret } = await system.keys.create({
    displayName: 'Ana',
    principalKind: 'user',
    principalId: 'ana',
    roles: ['supervisor'],
  })
  const app = new Hono().route('/api', governanceApi(governor)).route('/', syncRoute(governor, warehouse))
  const server = await serveApp(app, 0)
  const remote = connectGovernor({ url: `http://127.0.0.1:${server.port}/api`, token: secret })
  return {
    port: server.port,
    deviceKey,
    ana: remote.as(await remote.authenticate(secret)),
    system,
    async close() {
      await remote.close()
      await server.close()
      await governor.close()
    },
  }
}
