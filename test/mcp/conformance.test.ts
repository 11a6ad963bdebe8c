import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import {
  type Catalogue,
  createMcpEndpoint,
  createProxyEndpoint,
  definitionOf,
  lookAtUpstream,
} from '@preceptor/mcp-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { conformancePage, NOT_OF_GOVERNANCE, OF_GOVERNANCE } from './conformance-scenarios.ts'
import { serveFixture } from './fixture-server.ts'
import { type ServedEndpoint, serveOver } from './support.ts'

const require = createRequire(import.meta.url)
const CLI = require.resolve('@modelcontextprotocol/conformance/dist/index.js')
const run = promisify(execFile)

let test: TestGovernor
let folder: string
let fixture: Awaited<ReturnType<typeof serveFixture>>
let governance: ServedEndpoint
let proxy: ServedEndpoint

async function keyOf(agent: string): Promise<string> {
  await test.register(agent, 'autonomous')
  const request = { displayName: agent, principalKind: 'agent', principalId: agent } as const
  return (await test.admin.keys.create(request)).secret
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-'))
  test = await createTestGovernor({ settings: { deadlineMs: 20_000 } })
  fixture = await serveFixture()
  const upstreams = { fixture: { url: fixture.url } }
  const { tools } = await lookAtUpstream('fixture', upstreams.fixture)
  const entries = tools.map((tool) => [tool.name, { definition: definitionOf(tool), risk: 'medium' }])
  const catalogue: Catalogue = { version: 1, upstreams: { fixture: { tools: Object.fromEntries(entries) } } }
  governance = await serveOver(createMcpEndpoint(test.governor), await keyOf('bot'))
  proxy = await serveOver(createProxyEndpoint(test.governor, { upstreams, catalogue }), await keyOf('assistant'))
})
afterAll(async () => {
  await Promise.all([governance.close(), proxy.close()])
  await fixture.close()
  await test.close()
  rmSync(folder, { recursive: true })
})

/** What a scenario found: its checks, by how they ended. */
interface Found {
  readonly scenario: string
  readonly checks: readonly { readonly id: string; readonly status: string; readonly errorMessage?: string }[]
}

/** Runs the scenarios of a suite, in a process of its own: `active` leaves out those that only a fixture can pass soon. */
async function runSuite({ url }: ServedEndpoint, suite: 'active' | 'all'): Promise<readonly Found[]> {
  const into = join(folder, suite)
  const args = [CLI, 'server', '--url', url.href, '--suite', suite, '--output-dir', into]
  // It ends with 1 where a scenario failed; which one stands in the folder.
  await run(process.execPath, args, { timeout: 60_000, env: {} }).catch(() => undefined)
  return readdirSync(into).map((name) => ({
    scenario: /^server-(.+)-\d{4}-\d\d-\d\dT/.exec(name)?.[1] ?? name,
    checks: JSON.parse(readFileSync(join(into, name, 'checks.json'), 'utf8')),
  }))
}

const failuresOf = (found: Found | undefined): readonly unknown[] =>
  found === undefined ? ['It did not run.'] : found.checks.filter(({ status }) => status === 'FAILURE')

describe(verifies(['I-38', 'MCP-24'], 'the public conformance suite'), () => {
  let atGovernance: readonly Found[]
  let atProxy: readonly Found[]
  beforeAll(async () => {
    ;[atGovernance, atProxy] = await Promise.all([runSuite(governance, 'active'), runSuite(proxy, 'all')])
  }, 120_000)

  it('knows every scenario there is', async () => {
    const { stdout } = await run(process.execPath, [CLI, 'list', '--server'], { env: {} })
    const there = [...stdout.matchAll(/^ +- (\S+)$/gm)].map(([, name]) => name)
    const known = [...OF_GOVERNANCE, ...Object.values(NOT_OF_GOVERNANCE).flat()]
    expect(there.length).toBeGreaterThan(30)
    expect(known.toSorted()).toEqual(there.toSorted())
    expect(atProxy.map(({ scenario }) => scenario).toSorted()).toEqual(there.toSorted())
  })

  it('is what the page says of it', async () => {
    await expect(conformancePage()).toMatchFileSnapshot('../../docs/mcp-conformance.md')
  })

  it.each(OF_GOVERNANCE)('finds no fault in the governance tools: %s', (name) => {
    expect(failuresOf(atGovernance.find(({ scenario }) => scenario === name))).toEqual([])
  })

  it('finds no fault in the proxy, in any scenario', () => {
    expect(atProxy.filter((found) => failuresOf(found).length > 0)).toEqual([])
    const passed = atProxy.filter(({ checks }) => checks.some(({ status }) => status === 'SUCCESS'))
    // This one has only recommendations, which it looks for at a revision of the protocol that is too old for them.
    const without = atProxy.filter((found) => !passed.includes(found)).map(({ scenario }) => scenario)
    expect(without).toEqual(['server-sse-polling'])
  })
})
