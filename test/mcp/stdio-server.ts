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
  /** Lets more than a day pass on its clock. */
  passDay(): Promise<void>
}

/** What a server is started with. */
export interface StdioServerOptions {
  readonly database: string
  readonly identity: Identity
  readonly actions?: ActionDefinitions
  /** The API of a governor, instead of one in the process of the server. */
  readonly remote?: { readonly url: string; readonly token: string }
  /** `talkative` prints on standard output all the time; `refusing` has a governor that throws. */
  readonly kind?: 'talkative' | 'refusing'
}

const CHILD = fileURLToPath(new URL('../dist/mcp/stdio-child.js', import.meta.url))

/** The command that starts a server. */
export function stdioCommand(options: StdioServerOptions): string[] {
  const { database, identity, actions = {}, kind = 'talkative', remote = null } = options
  return [CHILD, database, JSON.stringify(identity), JSON.stringify(actions), kind, JSON.stringify(remote)]
}

/** Makes the transport of a client that starts a server. */
export function stdioServer(options: StdioServerOptions): StdioServer {
  const args = stdioCommand(options)
  const transport = new StdioClientTransport({ command: process.execPath, args, env: {}, stderr: 'pipe' })
  const stderr = transport.stderr as Readable
  stderr.resume()
  async function tell(signal: NodeJS.Signals, answer: string): Promise<void> {
    const { pid } = transport
    if (pid === null) throw new Error('The server runs while a client is connected.')
    process.kill(pid, signal)
    for (;;) {
      const [chunk] = await once(stderr, 'data')
      if (String(chunk).includes(answer)) return
    }
  }

  return {
    transport,
    toggleStore: () => tell('SIGUSR2', 'store: '),
    passDay: () => tell('SIGHUP', 'clock: '),
  }
}
