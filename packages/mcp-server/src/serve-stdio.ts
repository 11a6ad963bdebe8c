import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import type { ControlPlane, Identity } from '@preceptor/client'
import { type GovernanceServerOptions, openServer } from './create-governance-server.ts'
import { type GovernedProxyOptions, governedProxy } from './proxy/governed-proxy.ts'

const MOST_BYTES = 1_048_576
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * Serves the governance tools to the client that started this process: JSON-RPC on standard input and output, whatever
 * else is printed on standard error. Resolves when the client closes standard input or the process is told to end
 * (SIGINT, SIGTERM), with the governor closed.
 *
 * @throws GovernanceError `INPUT_INVALID`, or `SOURCE_MISMATCH`, for an identity that cannot be.
 * @example
 * ```ts
 * import type { ControlPlane } from '@preceptor/client'
 * import { serveStdio } from '@preceptor/mcp-server'
 *
 * export async function serve(governor: ControlPlane, credential: string): Promise<void> {
 *   await serveStdio(governor, await governor.authenticate(credential))
 * }
 * ```
 */
export async function serveStdio(
  governor: ControlPlane,
  identity: Identity,
  options: GovernanceServerOptions = {},
): Promise<void> {
  await overStdio(governor, async (transport, told) => {
    const { server, ended } = openServer(governor, { ...options, identity })
    const closed = new Promise<void>((resolve) => (transport.onclose = resolve))
    await server.connect(transport)
    await Promise.race([told, closed])
    await server.close()
    await ended()
  })
}

/**
 * Serves the proxy to the client that started this process, as `serveStdio` does the governance tools.
 *
 * @throws GovernanceError `OPTION_INVALID`, `UPSTREAM_UNAVAILABLE` when an upstream cannot be reached at first.
 * @example
 * ```ts
 * import type { ControlPlane } from '@preceptor/client'
 * import { serveProxyStdio } from '@preceptor/mcp-server'
 *
 * export async function serve(governor: ControlPlane, credential: string): Promise<void> {
 *   await serveProxyStdio(governor, {
 *     identity: await governor.authenticate(credential),
 *     agent: 'assistant',
 *     upstreams: { tools: { command: 'node', args: ['server.js'] } },
 *   })
 * }
 * ```
 */
export async function serveProxyStdio(governor: ControlPlane, options: GovernedProxyOptions): Promise<void> {
  await overStdio(governor, async (transport, told) => {
    const serving = governedProxy(governor, options).serve(transport)
    await Promise.race([told.then(() => transport.close()), serving])
    await serving
  })
}

async function overStdio(
  governor: ControlPlane,
  serve: (transport: StdioServerTransport, told: Promise<void>) => Promise<void>,
): Promise<void> {
  const output = takeOutput()
  try {
    await serve(new StdioServerTransport(process.stdin, output, { maxBufferSize: MOST_BYTES }), awaitEnd(output))
  } finally {
    await governor.close()
  }
}

/** Keeps standard output for the protocol: what anything else prints there goes to standard error from now on. */
function takeOutput(): Writable {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
  globalThis.console = new Console(process.stderr, process.stderr)
  return new Writable({
    write: (chunk: Uint8Array, _encoding, done) => void write(chunk, (error) => done(error ?? null)),
  })
}

/** Settles when nobody listens any more, or the process is told to end. */
function awaitEnd(output: Writable): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      for (const signal of SIGNALS) process.off(signal, end)
      resolve()
    }
    for (const signal of SIGNALS) process.once(signal, end)
    process.stdin.once('end', end).once('close', end)
    process.stdout.on('error', end)
    output.on('error', end)
  })
}
