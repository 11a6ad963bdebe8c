import { once } from 'node:events'
import type { ControlScope } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import type { PluginRoutes } from '@preceptor/hono-middleware/routes'
import { Hono } from 'hono'
import { serveApp } from './demo/server.ts'

/** What a process needs that hosts an agent or its tools: it can ask and run, and it can decide nothing. */
export const RUNTIME_SCOPES: readonly string[] = [
  'actions.register',
  'triggers.decide',
  'decisions.report',
  'runs.finish',
  'proposals.get',
]

/** Waits for what the director of an example orders. */
export async function orderOf<Order>(): Promise<Order> {
  const [order] = (await once(process, 'message')) as [Order]
  return order
}

/** How a control plane is served. */
interface ServedPlane<Keys> {
  /** Makes what the example begins with; gives the keys that the director hands out. */
  readonly prepare: (system: ControlScope) => Promise<Keys>
  /** Default: any that is free. */
  readonly port?: number
  /** Routes of the plugins of the governor. */
  readonly routes?: readonly PluginRoutes[]
  /** Default: closes the governor. */
  readonly close?: () => Promise<void>
}

/** Serves the REST API of a governor until the director has gone; the director is told the port and the keys. */
export async function servePlane<Ready extends { readonly port: number; readonly keys: unknown }>(
  governor: EmbeddedGovernor,
  { prepare, port = 0, routes = [], close = () => governor.close() }: ServedPlane<Ready['keys']>,
): Promise<void> {
  // The director is gone: nobody needs this any more.
  process.once('disconnect', () => void close().finally(() => process.exit()))
  const keys = await prepare(
    governor.as({ workspace: 'default', principal: { kind: 'system', id: 'example', roles: [] } }),
  )
  const served = await serveApp(new Hono().route('/api', governanceApi(governor, { routes })), port)
  process.send?.({ port: served.port, keys })
}
