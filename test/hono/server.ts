import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import type { Hono } from 'hono'

/** Serves an app on a port of this machine that is free. */
export async function listen(app: { fetch: Hono['fetch'] }): Promise<ServerType> {
  const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 })
  await once(started, 'listening')
  return started
}

/** Where a server listens, without a path. */
export function addressOf(listening: ServerType): string {
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`
}

/** Ends a server with whatever still hangs on it. */
export async function close(listening: ServerType): Promise<void> {
  if ('closeAllConnections' in listening) listening.closeAllConnections()
  await new Promise((resolve) => listening.close(resolve))
}
