import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  type ClientCapabilities,
  type Implementation,
  type JSONRPCRequest,
  type Notification,
  type Request,
  type Result,
  ResultSchema,
  type ServerCapabilities,
} from '@modelcontextprotocol/sdk/types.js'
import { GovernanceError } from '@preceptor/client'

/** Where an MCP server is: a command that speaks the protocol on its standard input and output, or an address. */
export type UpstreamTarget =
  | {
      readonly command: string
      readonly args?: readonly string[]
      /** Beside what every program needs, such as `PATH`. */
      readonly env?: Readonly<Record<string, string>>
      readonly cwd?: string
    }
  | { readonly url: string; readonly headers?: Readonly<Record<string, string>> }

/** What an upstream is connected for. */
export interface UpstreamOptions {
  readonly name: string
  readonly target: UpstreamTarget
  /** The client behind the proxy, which the upstream is told of. */
  readonly clientInfo: Implementation
  readonly capabilities: ClientCapabilities
  /** Answers what the upstream asks of the client. */
  readonly onRequest: (request: JSONRPCRequest, signal: AbortSignal) => Promise<Result>
  readonly onNotification: (notification: Notification) => void
  /** Told when it is connected again after it had gone. */
  readonly onReturned: () => void
  /** Told of what goes wrong, one line each. */
  readonly report: (message: string) => void
}

/** What an upstream says of itself. */
export interface UpstreamFacts {
  readonly info: Implementation
  readonly capabilities: ServerCapabilities
  readonly instructions: string | undefined
}

/** An MCP server behind the proxy, which is started again when it goes away. */
export interface Upstream {
  readonly name: string
  readonly facts: UpstreamFacts
  /**
   * Sends a request, to the server as it runs now.
   *
   * @throws McpError what the server answers; GovernanceError `UPSTREAM_UNAVAILABLE` where nobody answers.
   */
  request(request: Request, options?: RequestOptions): Promise<Result>
  notify(notification: Notification): Promise<void>
  close(): Promise<void>
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 15_000
/** A call may last: whoever asked for it ends it sooner. */
const LONGEST_CALL_MS = 3_600_000

/**
 * Connects to an upstream.
 *
 * @throws GovernanceError `UPSTREAM_UNAVAILABLE` when it cannot be reached or does not speak the protocol.
 */
export async function openUpstream(options: UpstreamOptions): Promise<Upstream> {
  const { name, report } = options
  let isOpen = true
  let current: Promise<Client> | undefined
  let pause = FIRST_PAUSE_MS

  function connected(): Promise<Client> {
    if (!isOpen) throw new GovernanceError('GOVERNOR_CLOSED')
    if (current !== undefined) return current
    const connecting = connect(options, () => {
      if (current !== connecting) return
      current = undefined
      if (isOpen) void comeBack()
    })
    current = connecting
    connecting.catch(() => {
      if (current === connecting) current = undefined
    })
    return connecting
  }

  /** Tries again, after longer and longer pauses, until it is there. */
  async function comeBack(): Promise<void> {
    report(`The upstream "${name}" went away.`)
    while (isOpen && current === undefined) {
      await sleep(pause, undefined, { ref: false })
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
      if (!isOpen || current !== undefined) continue
      try {
        await connected()
        options.onReturned()
        report(`The upstream "${name}" is there again.`)
      } catch (error) {
        report(`The upstream "${name}" cannot be reached: ${String(error)}`)
      }
    }
  }

  const first = await connected().catch((error: unknown) => {
    // Nobody waits for it to come back.
    isOpen = false
    throw error
  })
  return {
    name,
    facts: {
      info: first.getServerVersion() ?? { name, version: '0' },
      capabilities: first.getServerCapabilities() ?? {},
      instructions: first.getInstructions(),
    },
    async request(request, given = {}) {
      const client = await connected()
      const result = await client.request(request, ResultSchema, { timeout: LONGEST_CALL_MS, ...given })
      pause = FIRST_PAUSE_MS
      return result
    },
    notify: async (notification) => (await connected()).notification(notification),
    async close() {
      isOpen = false
      const last = current
      current = undefined
      const client = await last?.catch(() => undefined)
      // A server over HTTP would keep the session until it is idle.
      if (client?.transport instanceof StreamableHTTPClientTransport) {
        await client.transport.terminateSession().catch(() => undefined)
      }
      await client?.close()
    },
  }
}

async function connect(options: UpstreamOptions, onGone: () => void): Promise<Client> {
  const { name, target, clientInfo, capabilities, onRequest, onNotification } = options
  const client = new Client(clientInfo, { capabilities })
  client.fallbackRequestHandler = (request, { signal }) => onRequest(request, signal)
  client.fallbackNotificationHandler = async (notification) => onNotification(notification)
  client.onclose = onGone
  try {
    await client.connect(transportTo(target))
    return client
  } catch (cause) {
    await client.close().catch(() => undefined)
    throw new GovernanceError('UPSTREAM_UNAVAILABLE', { message: `The upstream "${name}" cannot be reached.`, cause })
  }
}

function transportTo(target: UpstreamTarget): Transport {
  if ('url' in target) {
    const { url, headers = {} } = target
    return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }) as Transport
  }
  const { command, args = [], env, cwd } = target
  return new StdioClientTransport({
    command,
    args: [...args],
    stderr: 'inherit',
    ...(env && { env: { ...env } }),
    ...(cwd !== undefined && { cwd }),
  })
}
