import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, type ClientOptions } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { Maturity, Risk } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { type Catalogue, importCatalogue, type UpstreamTarget } from '@preceptor/mcp-server'
import { createHostKey, serve } from '../../reach/serve.ts'

const BIN = fileURLToPath(new URL('../../../packages/cli/dist/bin.js', import.meta.url))
const require = createRequire(import.meta.url)
const FILESYSTEM = require.resolve('@modelcontextprotocol/server-filesystem/dist/index.js')
const EVERYTHING = require.resolve('@modelcontextprotocol/server-everything/dist/index.js')

type Command = Extract<UpstreamTarget, { readonly command: string }> & { readonly args: readonly string[] }

/** The published server whose tools read and write the files of one folder. */
export const filesystem = (folder: string): Command => ({
  command: process.execPath,
  args: [FILESYSTEM, folder],
})

/** The published server that uses all of the protocol. */
export const everything = (): Command => ({
  command: process.execPath,
  args: [EVERYTHING, 'stdio'],
})

/** A server that can be watched from outside. */
export interface WatchedServer {
  readonly command: Command
  /** The id of its process, as it runs now. */
  pid(): number
  /** What it was sent, in all of its lives, one message a line. */
  input(): string
}

/** The same server, which writes the id of its process and what it reads into files of this folder. */
export function watched({ command, args }: Command, folder: string): WatchedServer {
  const [pid, input] = [join(folder, 'pid'), join(folder, 'input')]
  const code = `import { appendFileSync, writeFileSync } from 'node:fs'
    writeFileSync(${JSON.stringify(pid)}, String(process.pid))
    const { on } = process.stdin
    process.stdin.on = function (event, listener) {
      if (event !== 'data') return on.call(this, event, listener)
      return on.call(this, event, (chunk) => { appendFileSync(${JSON.stringify(input)}, chunk); listener(chunk) })
    }`
  return {
    command: { command, args: ['--import', `data:text/javascript,${encodeURIComponent(code)}`, ...args] },
    pid: () => Number(contentOf(pid)),
    input: () => contentOf(input) ?? '',
  }
}

/** What a client of a proxy is. */
export interface ProxyClient {
  readonly agent: string
  readonly upstream: Command
  readonly catalogue?: Catalogue
  readonly options?: ClientOptions
  /** Called before it connects, to say what it answers. */
  readonly prepare?: (client: Client) => void
}

/** A governor behind HTTP, and clients that reach servers through `preceptor mcp proxy` in processes of their own. */
export interface ProxyPlane {
  readonly test: TestGovernor
  /** A folder of its own, which goes away with it. */
  readonly folder: string
  through(client: ProxyClient): Promise<Client>
  close(): Promise<void>
}

/** Opens it, with these agents. */
export async function openPlane(agents: Readonly<Record<string, Maturity>>): Promise<ProxyPlane> {
  const test = await createTestGovernor({ settings: { deadlineMs: 20_000 } })
  for (const [id, maturity] of Object.entries(agents)) await test.register(id, maturity)
  const served = await serve(test.governor)
  const token = await createHostKey(test.admin)
  const folder = mkdtempSync(join(tmpdir(), 'proxied-'))
  const clients: Client[] = []
  let files = 0
  return {
    test,
    folder,
    async through({ agent, upstream, catalogue, options, prepare }) {
      files += 1
      const file = join(folder, `catalogue-${files}.json`)
      writeFileSync(file, JSON.stringify(catalogue ?? { version: 1, upstreams: {} }))
      const words = ['mcp', 'proxy', '--agent', agent, '--name', 'files', '--catalogue', file, '--']
      const client = await connect(
        {
          command: process.execPath,
          args: [BIN, ...words, upstream.command, ...upstream.args],
          env: { PRECEPTOR_URL: served.url, PRECEPTOR_TOKEN: token },
        },
        options,
        prepare,
      )
      clients.push(client)
      return client
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()))
      await served.close()
      await test.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** A client of a server, or of a proxy. */
export async function connect(
  { command, args, env = {} }: Command,
  options: ClientOptions = {},
  prepare: (client: Client) => void = () => undefined,
): Promise<Client> {
  const client = new Client({ name: 'assistant', version: '1' }, options)
  prepare(client)
  const stderr = process.env.SHOW_SERVERS === undefined ? 'ignore' : 'inherit'
  await client.connect(new StdioClientTransport({ command, args: [...args], env: { ...env }, stderr }))
  return client
}

/** What `preceptor mcp import` makes of a server, after a person said something else of these tools, or of all. */
export async function catalogueOf(
  upstream: Command,
  said: Risk | Readonly<Record<string, Risk>> = {},
): Promise<Catalogue> {
  const { catalogue } = await importCatalogue({ files: upstream })
  const riskOf = (name: string): Risk | undefined => (typeof said === 'string' ? said : said[name])
  const tools = Object.entries(catalogue.upstreams.files?.tools ?? {}).map(([name, entry]) => [
    name,
    { ...entry, risk: riskOf(name) ?? entry.risk },
  ])
  return { version: 1, upstreams: { files: { tools: Object.fromEntries(tools) } } }
}

/** What a file holds; undefined where there is none. */
export function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
