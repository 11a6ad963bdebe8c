import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MultiServerMCPClient } from '@langchain/mcp-adapters'

/** How a server of MCP is started. */
export interface ServerCommand {
  readonly command: string
  readonly args: string[]
}

/** How the server of `@modelcontextprotocol/server-filesystem` is started, which reads and writes in one folder. */
export function fileServer(folder: string): ServerCommand {
  const manifest = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-filesystem/package.json')
  return { command: process.execPath, args: [programOf(manifest, 'mcp-server-filesystem'), folder] }
}

/** The command `preceptor`. */
export function preceptor(...args: readonly string[]): ServerCommand {
  const manifest = fileURLToPath(import.meta.resolve('@preceptor/cli/package.json'))
  return { command: process.execPath, args: [programOf(manifest, 'preceptor'), ...args] }
}

/** A client of LangChain, connected to one server. */
export function openClient(
  server: ServerCommand,
  env: Readonly<Record<string, string>> = {},
  stderr: 'ignore' | 'inherit' = 'ignore',
): MultiServerMCPClient {
  return new MultiServerMCPClient({
    mcpServers: { files: { transport: 'stdio', ...server, env: { ...env }, stderr } },
  })
}

/** The file of a program of a package. */
function programOf(manifest: string, name: string): string {
  return join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin[name])
}
