import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import type { Tool } from '@modelcontextprotocol/sdk/types.js'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { type Catalogue, type CatalogueEntry, definitionOf, governedProxy } from '@preceptor/mcp-server'
import { afterAll, afterEach, beforeAll } from 'vitest'

const SERVER = fileURLToPath(new URL('../../dist/mcp/proxy/hostile-server.js', import.meta.url))
const AGENTS = { novice: 'student', clerk: 'intern', watched: 'supervised', chief: 'autonomous' } as const

/** What the server answers from now on. */
export interface Answers {
  readonly tools: readonly unknown[]
  readonly results?: Readonly<Record<string, unknown>>
  readonly capabilities?: object
  readonly exitAt?: string
  readonly holds?: string
}

/** A message that the server got. */
export interface Noted {
  readonly method?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly environment?: Readonly<Record<string, string>>
}

/** A server that keeps no rule. */
export interface HostileUpstream {
  readonly target: { readonly command: string; readonly args: readonly string[] }
  says(answers: Answers): void
  noted(): readonly Noted[]
  /** What it was told to do. */
  calls(): readonly Noted[]
}

/** A tool as a server lists it. */
export function toolOf(name: string, more: object = {}): Tool {
  return {
    name,
    description: 'Does it.',
    inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
    ...more,
  }
}

/** What a person says of these tools. */
export function catalogueOf(tools: readonly Tool[], risk: CatalogueEntry['risk'], upstream = 'box'): Catalogue {
  const entries = tools.map((tool) => [tool.name, { definition: definitionOf(tool), risk }])
  return { version: 1, upstreams: { [upstream]: { tools: Object.fromEntries(entries) } } }
}

/** How a client is put behind a proxy. */
interface Behind {
  readonly catalogue?: Catalogue
  readonly name?: string
  readonly governor?: TestGovernor['governor']
}

const DONE = { content: [{ type: 'text', text: 'done' }] }

/** A governor with an agent of each kind, and servers that keep no rule. */
export function useHostileUpstreams() {
  let test: TestGovernor
  let folder: string
  let count = 0
  const serving: Promise<void>[] = []
  const clients: Client[] = []
  beforeAll(async () => {
    test = await createTestGovernor({ settings: { deadlineMs: 20_000 } })
    folder = mkdtempSync(join(tmpdir(), 'hostile-'))
    for (const [id, maturity] of Object.entries(AGENTS)) await test.register(id, maturity)
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close()
    await Promise.all(serving.splice(0))
  })
  afterAll(async () => {
    await test.close()
    rmSync(folder, { recursive: true })
  })

  function upstream(first: Answers): HostileUpstream {
    count += 1
    const [notes, file] = [join(folder, `${count}.jsonl`), join(folder, `${count}.json`)]
    const says = ({ tools, results, capabilities = { tools: {} }, ...rest }: Answers): void => {
      const initialized = { protocolVersion: '2025-06-18', capabilities, serverInfo: { name: 'box', version: '1' } }
      const all = { initialize: initialized, 'tools/list': { tools }, 'tools/call': DONE, ...results }
      writeFileSync(`${file}.new`, JSON.stringify({ ...rest, results: all }))
      renameSync(`${file}.new`, file)
    }
    const noted = (): readonly Noted[] =>
      readFileSync(notes, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
    says(first)
    return {
      target: { command: process.execPath, args: [SERVER, notes, file] },
      says,
      noted,
      calls: () => noted().filter(({ method }) => method === 'tools/call'),
    }
  }

  async function behind(
    agent: keyof typeof AGENTS,
    { target }: Pick<HostileUpstream, 'target'>,
    { catalogue, name = 'box', governor = test.governor }: Behind = {},
  ): Promise<Client> {
    const identity = { workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } } as const
    const options = { identity, agent, upstreams: { [name]: target }, ...(catalogue && { catalogue }) }
    const [inner, outer] = InMemoryTransport.createLinkedPair()
    serving.push(governedProxy(governor, options).serve(outer))
    const capabilities = { roots: { listChanged: true } }
    const client = new Client({ name: 'assistant', version: '1' }, { capabilities })
    await client.connect(inner)
    clients.push(client)
    return client
  }

  async function approve(id: string, args?: object, by = 'ana'): Promise<void> {
    const person = test.user(by, 'supervisor')
    const { version, actionHash } = await person.proposals.get(id)
    await person.proposals.approve(id, { version, actionHash, ...(args && { args: args as never }) })
  }

  return { upstream, behind, approve, test: () => test }
}

/** Id of the proposal that a call led to. */
export function proposalIn(answer: object): string {
  const { preceptor } = Object(Object(answer).structuredContent)
  const id = Object(preceptor).proposal?.id
  if (typeof id !== 'string') throw new Error(`There is no proposal in ${JSON.stringify(answer)}`)
  return id
}
