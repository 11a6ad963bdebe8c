import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import {
  type ConnectOptions,
  type ControlScope,
  connectGovernor,
  type Governor,
  type HostPlane,
} from '@preceptor/client'
import { governanceApi } from '@preceptor/hono-middleware'
import type { PluginRoutes } from '@preceptor/hono-middleware/routes'
import { Hono } from 'hono'

/** A governor behind HTTP on this machine. */
export interface Served {
  /** Where its API is mounted. */
  readonly url: string
  close(): Promise<void>
}

/** Scopes of a service that hosts guards for the agents of a workspace. */
const HOST_SCOPES = ['triggers.decide', 'triggers.check', 'decisions.report', 'runs.finish', 'actions.register']

/** Serves the API of a governor; port 0 takes any that is free. */
export async function serve(governor: HostPlane, port = 0, routes: readonly PluginRoutes[] = []): Promise<Served> {
  const app = new Hono().route('/api', governanceApi(governor, { routes }))
  // Of plain HTTP, which is the default, the adaptor makes a server of node:http.
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server does not listen.')
  return {
    url: `http://127.0.0.1:${address.port}/api`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A credential of a service that hosts guards. */
export async function createHostKey(admin: ControlScope): Promise<string> {
  const service = { principalKind: 'service', principalId: 'host', scopes: HOST_SCOPES } as const
  return (await admin.keys.create({ displayName: 'host', ...service })).secret
}

/** Serves a governor and connects to it the way another process does. */
export async function connectTo(
  governor: HostPlane,
  admin: ControlScope,
  options: Partial<ConnectOptions> = {},
): Promise<{ readonly governor: Governor; readonly served: Served; close(): Promise<void> }> {
  const served = await serve(governor)
  const remote = connectGovernor({ url: served.url, token: await createHostKey(admin), ...options })
  return {
    governor: remote,
    served,
    async close() {
      await remote.close()
      await served.close()
    },
  }
}
