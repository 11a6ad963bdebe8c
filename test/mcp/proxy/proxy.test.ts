import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, type ClientOptions } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { type Catalogue, definitionOf, type GovernedProxyOptions, governedProxy } from '@preceptor/mcp-server'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { verifies } from '../../verifies.ts'

const SERVER = fileURLToPath(new URL('../../dist/mcp/proxy/upstream-server.js', import.meta.url))
const LONG = { timeout: 10_000 }
let test: TestGovernor
let folder: string
let oracle: string

const server = () => ({ command: process.execPath, args: [SERVER, oracle] })
const effects = (): readonly unknown[] => {
  try {
    return readFileSync(oracle, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  } catch {
    return []
  }
}

beforeAll(async () => {
  test = await createTestGovernor({})
  folder = mkdtempSync(join(tmpdir(), 'proxy-'))
  for (const [id, maturity] of [
    ['novice', 'student'],
    ['clerk', 'intern'],
    ['chief', 'autonomous'],
  ] as const) {
    await test.register(id, maturity)
  }
})
afterAll(async () => {
  await test.close()
  rmSync(folder, { recursive: true })
})
const serving: Promise<void>[] = []
afterEach(async () => void (await Promise.all(serving.splice(0))))
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

async function behindProxy(
  agent: string,
  catalogue?: Catalogue,
  options: ClientOptions = {},
  upstreams: GovernedProxyOptions['upstreams'] = { notes: server() },
): Promise<Client> {
  const identity = { workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } } as const
  const proxy = governedProxy(test.governor, { identity, agent, upstreams, ...(catalogue && { catalogue }) })
  const [inner, outer] = InMemoryTransport.createLinkedPair()
  serving.push(proxy.serve(outer))
  const client = new Client({ name: 'assistant', version: '1' }, options)
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

async function approve(id: string): Promise<void> {
  const ana = test.governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['supervisor'] } })
  const { version, actionHash } = await ana.proposals.get(id)
  await ana.proposals.approve(id, { version, actionHash })
}

const textOf = (answer: object): string => Object(answer).content?.[0]?.text

describe(verifies(['MCP-1', 'MCP-7', 'MCP-8'], 'a proxy in front of a server'), () => {
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
    const { proposal } = Object(asked.structuredContent).preceptor
    await approve(proposal.id)
    expect(await call()).toMatchObject({ content: [{ text: 'wrote b' }] })
    expect(effects()).toEqual([{ tool: 'write_note', text: 'b' }])
    expect(await call()).toMatchObject({ structuredContent: { preceptor: { status: 'pending' } } })
    await client.close()
  })

  it('gives the answer of a tool that failed, and puts the failure on record', async () => {
    const client = await behindProxy('chief', await catalogueOf('medium'))
    const answer = await client.callTool({ name: 'fail' })
    expect(answer).toEqual({ isError: true, content: [{ type: 'text', text: 'It cannot be done.' }] })
    await client.close()
  })

  it('starts a server again that went away, and says that nobody knows what became of the call', async () => {
    const client = await behindProxy('chief', await catalogueOf('medium'))
    await expect(client.callTool({ name: 'crash' })).rejects.toThrow()
    await vi.waitFor(async () => {
      const { content } = await client.callTool({ name: 'write_note', arguments: { text: 'c' } })
      expect(content).toEqual([{ type: 'text', text: 'wrote c' }])
    }, LONG)
    await client.close()
  })

  it('hands on progress and cancellation', async () => {
    const client = await behindProxy('chief', await catalogueOf('medium'))
    const seen: number[] = []
    const answer = await client.callTool({ name: 'count', arguments: { to: 3 } }, undefined, {
      onprogress: ({ progress }) => seen.push(progress),
    })
    expect([textOf(answer), seen]).toEqual(['counted to 3', [1, 2, 3]])
    const cancelled = new AbortController()
    const counting = client.callTool({ name: 'count', arguments: { to: 1_000 } }, undefined, {
      signal: cancelled.signal,
      onprogress: () => cancelled.abort(),
    })
    await expect(counting).rejects.toThrow()
    await vi.waitFor(() => expect(effects()).toMatchObject([{ tool: 'count' }]), LONG)
    await client.close()
  })

  it('treats as critical what nobody classified, what changed since, and what is not listed', async () => {
    const catalogue = await catalogueOf('medium')
    const client = await behindProxy('chief', catalogue)
    await client.callTool({ name: 'add_tool' })
    const added = await client.callTool({ name: 'added' })
    expect(added).toMatchObject({ isError: true, structuredContent: { preceptor: { status: 'pending' } } })
    expect(await client.callTool({ name: 'hidden' })).toMatchObject({ isError: true })
    await client.close()
    const bare = await behindProxy('chief')
    expect(await bare.callTool({ name: 'read_notes' })).toMatchObject({ isError: true })
    expect(await bare.callTool({ name: 'write_note', arguments: { text: 'x' } })).toMatchObject({ isError: true })
    await bare.close()
    expect(effects()).toEqual([])
  })

  it('lets a server ask its client', async () => {
    const catalogue = await catalogueOf('medium')
    const client = await behindProxy('chief', catalogue, { capabilities: { roots: {} } })
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///here' }] }))
    expect(textOf(await client.callTool({ name: 'ask_user' }))).toBe('file:///here')
    await client.close()
  })

  it('joins several servers under prefixes', async () => {
    const catalogue = await catalogueOf('medium')
    const both = {
      ...catalogue,
      upstreams: { one: catalogue.upstreams.notes, two: catalogue.upstreams.notes },
    } as Catalogue
    const client = await behindProxy('chief', both, {}, { one: server(), two: server() })
    const names = (await client.listTools()).tools.map(({ name }) => name)
    expect(names).toContain('one__write_note')
    expect(names).toContain('two__write_note')
    expect(textOf(await client.callTool({ name: 'two__write_note', arguments: { text: 'z' } }))).toBe('wrote z')
    expect((await client.readResource({ uri: 'note://1' })).contents).toHaveLength(1)
    const { messages } = await client.getPrompt({ name: 'one__summary', arguments: { of: 'it' } })
    expect(messages).toHaveLength(1)
    await expect(client.callTool({ name: 'write_note', arguments: { text: 'z' } })).rejects.toThrow('There is no')
    await client.close()
  })
})
