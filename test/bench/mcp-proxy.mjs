// A proxy over stdio in front of an MCP server, in a process of its own: one that only forwards, or the gate.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js'
import { createGovernor } from '@preceptor/core'
import { serveProxyStdio } from '@preceptor/mcp-server'

const MOST = { points: 50_000_000, seconds: 60 }
const { kind, place, agent, catalogue, command, args } = JSON.parse(process.argv[2] ?? '{}')
await (kind === 'bare' ? forward() : govern())

async function forward() {
  const client = new Client({ name: 'bare', version: '1' })
  await client.connect(new StdioClientTransport({ command, args, stderr: 'ignore' }))
  const capabilities = client.getServerCapabilities()
  const server = new Server({ name: 'bare', version: '1' }, { capabilities })
  server.fallbackRequestHandler = ({ method, params }, { signal }) =>
    client.request({ method, params }, ResultSchema, { signal })
  server.onclose = () => client.close()
  process.stdin.once('end', () => server.close())
  await server.connect(new StdioServerTransport())
}

async function govern() {
  const upstreams = { tools: { command, args } }
  const rateLimits = { principal: MOST, agent: MOST, workspace: MOST }
  const governor = await createGovernor({
    ...place,
    migrate: true,
    rateLimits,
    report: ({ message }) => console.error(message),
  })
  const identity = { workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } }
  await governor.as(identity).agents.register({ id: agent, maturity: 'autonomous' })
  await serveProxyStdio(governor, { identity, agent, upstreams, catalogue })
}
