// The process of a plane: its API, a governed route and its MCP endpoint, all of it traced.
// Usage: node plane.mjs <address of the collector> <address of a Postgres database>
import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { createTestGovernor } from '@preceptor/core/testing'
import { governance, governanceApi, identify } from '@preceptor/hono-middleware'
import { createMcpEndpoint } from '@preceptor/mcp-server'
import { Hono } from 'hono'
import { ACTIONS, traceTo } from './traced.mjs'

const [, , collector, database] = process.argv
const provider = traceTo(collector, 'plane')
const test = await createTestGovernor({ database, migrate: true, actions: ACTIONS })
await test.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
const keys = {}
const make = async (principalKind, principalId, roles) => {
  const key = await test.admin.keys.create({ displayName: principalId, principalKind, principalId, roles })
  keys[principalId] = key.secret
}
await make('user', 'ana', ['supervisor'])
for (const level of ['intern', 'supervised', 'autonomous']) {
  await test.register(level, level)
  await make('agent', level, [])
}
const endpoint = createMcpEndpoint(test.governor)
const app = new Hono()
  .route('/api', governanceApi(test.governor))
  .all('/mcp', (c) => endpoint.fetch(c.req.raw))
  .use('/refunds', identify(test.governor))
  .post('/refunds', governance({ action: 'http.refund' }), (c) => c.json({ paid: true }))
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
await once(server, 'listening')
process.send({ url: `http://127.0.0.1:${server.address().port}`, keys })
await once(process, 'disconnect')
server.close()
server.closeAllConnections()
await endpoint.close()
await test.close()
await provider.shutdown()
