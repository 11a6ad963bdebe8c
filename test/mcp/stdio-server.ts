import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { ActionDefinitions, Identity } from '@preceptor/client'

/** A server that its client starts as a child process. */
export interface StdioServer {
  readonly transport: StdioClientTransport
  /** Breaks its store, or mends it. */
  toggleStore(): Promise<void>
}

/** What a server is started with. */
export interface StdioServerOptions {
  readonly database: string
  readonly identity: Identity
  readonly actions?: ActionDefinitions
  /** `talkative` prints on standard output all the time; `refusing` has a governor that throws. */
  readonly kind?: 'talkative' | 'refusing'
}

const CHILD = fileURLToPath(new URL('../dist/mcp/stdio-child.js', import.meta.url))

/** The command that starts a server. */
export function stdioCommand({ database, identity, actions = {}, kind = 'talkative' }: StdioServerOptions): string[] {
  return [CHILD, database, JSON.stringify(identity), JSON.stringify(actions), kind]
}

/** Makes the transport of a client that starts a server. */
export function stdioServer(options: StdioServerOptions): StdioServer {
  const args = stdioCommand(options)
  const transport = new StdioClientTransport({ command: process.execPath, args, env: {}, stderr: 'pipe' })
  const stderr = transport.stderr as Readable
  stderr.resume()
  return {
    transport,
    async toggleStore() {
      const { pid } = transport
      if (pid === null) throw new Error('The server runs while a client is connected.')
      process.kill(pid, 'SIGUSR2')
      for (;;) {
        const [chunk] = await once(stderr, 'data')
        if (String(chunk).includes('store: ')) return
      }
    },
  }
}
