import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Maturity, Role } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { type Catalogue, createProxyEndpoint, definitionOf, lookAtUpstream } from '@preceptor/mcp-server'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { type Fixture, serveFixture } from './fixture-server.ts'
import { httpTransport, type ServedEndpoint, serveOver } from './support.ts'

const LONG = { timeout: 10_000 }
let test: TestGovernor
let fixture: Fixture
let served: ServedEndpoint
let catalogue: Catalogue
const reports: string[] = []

beforeAll(async () => {
  test = await createTestGovernor({ settings: { deadlineMs: 20_000 } })
  fixture = await serveFixture()
  const { tools } = await lookAtUpstream('fixture', { url: fixture.url })
  const entries = tools.map((tool) => [tool.name, { definition: definitionOf(tool), risk: 'medium' }])
  catalogue = { version: 1, upstreams: { fixture: { tools: Object.fromEntries(entries) } } }
  for (const maturity of ['student', 'autonomous'] as const) await test.register(maturity, maturity)
  await test.admin.members.put('sam', { displayName: 'Sam', roles: ['admin'] })
  served = await serveOver(
    createProxyEndpoint(test.governor, { upstreams: { fixture: { url: fixture.url } }, catalogue }),
  )
})
afterAll(async () => {
  await served.close()
  await fixture.close()
  await test.close()
})

interface Principal {
  readonly kind?: 'agent' | 'user' | 'service'
  readonly roles?: readonly Role[]
}

async function connect(id: string, { kind = 'agent', roles = [] }: Principal = {}, url = served.url): Promise<Client> {
  const scopes = kind === 'service' ? { scopes: ['triggers.decide'], agents: ['autonomous'] } : {}
  const request = { displayName: id, principalKind: kind, principalId: id, roles, ...scopes }
  const { secret } = await test.admin.keys.create(request)
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(httpTransport(url, secret))
  return client
}

describe(verifies('MCP-26', 'the proxy over HTTP'), () => {
  it('decides for the agent of each credential, in sessions of their own', async () => {
    const agents: readonly Maturity[] = ['student', 'autonomous', 'student', 'autonomous']
    const clients = await Promise.all(agents.map((agent) => connect(agent)))
    expect(fixture.sessions()).toBe(4)
    const answers = await Promise.all(clients.map((client) => client.callTool({ name: 'test_simple_text' })))
    expect(answers.map(({ isError }) => isError === true)).toEqual([true, false, true, false])
    await Promise.all(clients.map((client) => (client.transport as StreamableHTTPClientTransport).terminateSession()))
    await vi.waitFor(() => expect(fixture.sessions()).toBe(0), LONG)
    await Promise.all(clients.map((client) => client.close()))
  })

  it('serves nobody of whom it does not know for which agent, and no person', async () => {
    await expect(connect('runner', { kind: 'service' })).rejects.toThrow('AGENT_MISMATCH')
    await expect(connect('sam', { kind: 'user', roles: ['admin'] })).rejects.toThrow('SOURCE_MISMATCH')
    expect(fixture.sessions()).toBe(0)
  })

  it('tells a client that the server behind it is not there, and keeps no session', async () => {
    const upstreams = { fixture: { url: 'http://127.0.0.1:1/mcp' } }
    const report = (line: string): void => void reports.push(line)
    const broken = await serveOver(
      createProxyEndpoint(test.governor, { upstreams, catalogue, report, mostSessions: 1 }),
    )
    // Two, because a session that could not begin takes nobody's place.
    for (let count = 0; count < 2; count += 1) {
      await expect(connect('autonomous', {}, broken.url)).rejects.toThrow('does not answer')
    }
    await broken.close()
    expect(reports.join()).toContain('cannot be reached')
    // Nor does anybody wait for it to come back.
    expect(reports.join()).not.toContain('went away')
  })
})
