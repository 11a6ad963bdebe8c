import { createHash } from 'node:crypto'
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
import { keepConnected } from './keep-connected.ts'
import { upstreamFailure } from './upstream-failure.ts'
import { type FailedUpstream, whyUnreachable } from './why-unreachable.ts'

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
  /** Told as soon as it has gone. */
  readonly onGone: () => void
  /** Told when it is connected again after it had gone. */
  readonly onReturned: () => void
  /** Told of what goes wrong, one line each. */
  readonly report: (message: string) => void
  /** Told of what it prints on standard output that is no message of the protocol. */
  readonly onStray?: (message: string) => void
  /** Told of what it prints on standard error, which else goes to that of this process. */
  readonly onPrinted?: (text: string) => void
  /** How long it may take to answer first; a minute unless set. */
  readonly deadlineMs?: number
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
   * @throws McpError what the server answers; GovernanceError `UPSTREAM_UNAVAILABLE` where nobody answers,
   * `OUTCOME_UNKNOWN` where it went away during a call.
   */
  request(request: Request, options?: RequestOptions): Promise<Result>
  notify(notification: Notification): Promise<void>
  close(): Promise<void>
}

/** A call may last: whoever asked for it ends it sooner. */
export const LONGEST_CALL_MS = 3_600_000

/**
 * Connects to an upstream.
 *
 * @throws GovernanceError `UPSTREAM_UNAVAILABLE` when it cannot be reached or does not speak the protocol.
 */
export async function openUpstream(options: UpstreamOptions): Promise<Upstream> {
  const { name } = options
  const connection = keepConnected(options, connect)
  const first = await connection.client()
  return {
    name,
    facts: {
      info: first.getServerVersion() ?? { name, version: '0' },
      capabilities: first.getServerCapabilities() ?? {},
      instructions: first.getInstructions(),
    },
    async request(request, given) {
      const result = await ask(name, await connection.client(), { request, options: given })
      connection.answered()
      return result
    },
    notify: async (notification) => (await connection.client()).notification(notification),
    async close() {
      const client = await connection.end()
      // A server over HTTP would keep the session until it is idle.
      if (client?.transport instanceof StreamableHTTPClientTransport) {
        await client.transport.terminateSession().catch(() => undefined)
      }
      await client?.close()
    },
  }
}

async function ask(
  upstream: string,
  client: Client,
  { request, options = {} }: { readonly request: Request; readonly options: RequestOptions | undefined },
): Promise<Result> {
  try {
    return await client.request(request, ResultSchema, { timeout: LONGEST_CALL_MS, ...options })
  } catch (error) {
    const failure = upstreamFailure({ upstream, request, error, isGone: client.transport === undefined })
    // Over HTTP nothing closes when the server ends: a session that it does not know is begun anew.
    if (failure !== error) await client.close()
    throw failure
  }
}

/** Where it is, for what is bound to it: what is approved of one server is not approved of another of its name. */
export function placeOf(target: UpstreamTarget): string {
  const where = 'url' in target ? [target.url] : [target.command, target.args ?? [], target.cwd ?? '']
  return createHash('sha256').update(JSON.stringify(where)).digest('hex')
}

async function connect(options: UpstreamOptions, onGone: () => void): Promise<Client> {
  const { name, target, clientInfo, capabilities, onRequest, onNotification, deadlineMs } = options
  const client = new Client(clientInfo, { capabilities })
  client.fallbackRequestHandler = (request, { signal }) => onRequest(request, signal)
  client.fallbackNotificationHandler = async (notification) => onNotification(notification)
  client.onclose = onGone
  const strays: string[] = []
  client.onerror = (error) => {
    const stray = strayIn(error)
    if (stray === undefined) return
    strays.push(stray)
    options.onStray?.(stray)
  }
  try {
    await client.connect(transportTo(options), deadlineMs === undefined ? {} : { timeout: deadlineMs })
    keepOrder(client)
    return client
  } catch (cause) {
    await client.close().catch(() => undefined)
    throw unavailable(name, { target, cause, strays })
  }
}

/** That a server cannot be reached, and why. */
export function unavailable(name: string, failed: FailedUpstream): GovernanceError {
  const { reason, message } = whyUnreachable(failed)
  return new GovernanceError('UPSTREAM_UNAVAILABLE', {
    message: `The upstream "${name}" cannot be reached: ${message}.`,
    details: { reason },
    cause: failed.cause,
  })
}

/** The transport reads each line as a message, and reports what is none. */
function strayIn(error: Error): string | undefined {
  return error instanceof SyntaxError || error.name === 'ZodError' ? error.message.slice(0, 200) : undefined
}

/** The client hears of progress a moment after the message came, and of results at once: what came last would be lost. */
function keepOrder({ transport }: Client): void {
  const deliver = transport?.onmessage
  if (transport === undefined || deliver === undefined) return
  transport.onmessage = (message, extra) => {
    if ('method' in message) deliver(message, extra)
    else queueMicrotask(() => deliver(message, extra))
  }
}

function transportTo({ target, onPrinted }: UpstreamOptions): Transport {
  if ('url' in target) {
    const { url, headers = {} } = target
    return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }) as Transport
  }
  const { command, args = [], env, cwd } = target
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    stderr: onPrinted === undefined ? 'inherit' : 'pipe',
    ...(env && { env: { ...env } }),
    ...(cwd !== undefined && { cwd }),
  })
  if (onPrinted !== undefined) transport.stderr?.on('data', (chunk: Buffer) => onPrinted(chunk.toString()))
  return transport
}
