import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { type Catalogue, definitionOf, governedProxy } from '@preceptor/mcp-server'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fileURLToPath } from 'node:url'

const SERVER = fileURLToPath(new URL('../../dist/mcp/proxy/upstream-server.js', import.meta.url))
let test: TestGovernor
let folder: string
let oracle: string

const server = () => ({ command: process.execPath, args: [SERVER, oracle] })
const effects = (): readonly unknown[] => {
  try {
    return readFileSync(oracle, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line))
  } catch {
    return []
  }
}

beforeAll(async () => {
  test = await createTestGovernor({})
  folder = mkdtempSync(join(tmpdir(), 'proxy-'))
  for (const [id, maturity] of [['novice', 'student'], ['clerk', 'intern'], ['chief', 'autonomous']] as const) {
    await test.register(id, maturity)
  }
})
afterAll(async () => {
  await test.close()
  rmSync(folder, { recursive: true })
})
let files = 0
beforeEach(() => {
  files += 1
  oracle = join(folder, `${files}.jsonl`)
})

async function direct(): Promise<Client> {
  const client = new Client({ name: 'direct', version: '1' })
  await client.connect(new StdioClientTransport(server()))
  return client
}

async function behindProxy(agent: string, catalogue?: Catalogue): Promise<Client> {
  const identity = { workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } } as const
  const proxy = governedProxy(test.governor, { identity, agent, upstreams: { notes: server() }, ...(catalogue && { catalogue }) })
  const [inner, outer] = InMemoryTransport.createLinkedPair()
  void proxy.serve(outer)
  const client = new Client({ name: 'assistant', version: '1' })
  await client.connect(inner)
  return client
}

async function catalogueOf(risk: 'safe' | 'medium'): Promise<Catalogue> {
  const client = await direct()
  const { tools } = await client.listTools()
  await client.close()
  const entries = tools.map((tool) => [tool.name, { definition: definitionOf(tool), risk }])
  return { version: 1, upstreams: { notes: { tools: Object.fromEntries(entries) } } }
}

describe('a proxy in front of a server', () => {
  it('lists what the server lists', async () => {
    const [one, other] = [await direct(), await behindProxy('chief')]
    expect(await other.listTools()).toEqual(await one.listTools())
    expect(other.getServerVersion()).toEqual(one.getServerVersion())
    expect(other.getInstructions()).toEqual(one.getInstructions())
    expect(await other.listResources()).toEqual(await one.listResources())
    expect(await other.listPrompts()).toEqual(await one.listPrompts())
    await Promise.all([one.close(), other.close()])
  })

  it('lets an autonomous agent call as if it were not there', async () => {
    const client = await behindProxy('chief', await catalogueOf('medium'))
    const { content } = await client.callTool({ name: 'write_note', arguments: { text: 'a' } })
    expect(content).toEqual([{ type: 'text', text: 'wrote a' }])
    expect(effects()).toEqual([{ tool: 'write_note', text: 'a' }])
    expect((await client.readResource({ uri: 'note://1' })).contents).toMatchObject([{ text: 'the first note' }])
    await client.close()
  })

  it('blocks a student, and nothing is written', async () => {
    const client = await behindProxy('novice', await catalogueOf('medium'))
    const answer = await client.callTool({ name: 'write_note', arguments: { text: 'a' } })
    expect(answer).toMatchObject({ isError: true })
    expect(effects()).toEqual([])
    await client.close()
  })

  it('proposes what an intern writes; it happens once after the approval', async () => {
    const client = await behindProxy('clerk', await catalogueOf('medium'))
    const call = () => client.callTool({ name: 'write_note', arguments: { text: 'b' } })
    const asked = await call()
    expect(asked).toMatchObject({ isError: true, structuredContent: { preceptor: { status: 'pending' } } })
    const again = await call()
    expect(again.structuredContent).toMatchObject(Object(asked.structuredContent))
    console.log(JSON.stringify(asked, null, 1))
    await client.close()
  })
})
