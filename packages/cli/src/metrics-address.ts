import { GovernanceError } from '@preceptor/client'
import type { EmbeddedGovernor } from '@preceptor/core'
import { type CommandCall, type Flag, textOf } from './command.ts'
import { type Listening, listen } from './listen.ts'

/** The flag of a command whose process can be measured. */
export const METRICS_FLAG: Readonly<Record<string, Flag>> = {
  'metrics-address': {
    value: '<host:port>',
    summary: 'serve /metrics there, of all workspaces and without a key, such as 127.0.0.1:9464; default nowhere',
  },
}

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]']
const ADDRESS = /^(?<host>\[[0-9a-f:.]+\]|[^:\s]+):(?<port>\d{1,5})$/i

/** @throws GovernanceError `OPTION_INVALID` */
function metricsPlaceOf(
  call: Pick<CommandCall, 'flags'>,
): { readonly host: string; readonly port: number } | undefined {
  const value = textOf(call, 'metrics-address')
  if (value === undefined) return undefined
  const { host = '', port = '' } = ADDRESS.exec(value)?.groups ?? {}
  if (host !== '' && Number(port) <= 65_535) return { host: host.toLowerCase(), port: Number(port) }
  throw new GovernanceError('OPTION_INVALID', {
    message: `Option --metrics-address: ${JSON.stringify(value)} is no address.`,
    hint: 'Give a host and a port, such as 127.0.0.1:9464.',
  })
}

/**
 * Runs a command whose metrics are served at an address of their own, where one is given.
 *
 * @throws GovernanceError `OPTION_INVALID` for an address that is none, or is taken; and whatever `work` throws.
 */
export async function withMetrics<T>(
  call: CommandCall,
  governor: EmbeddedGovernor,
  work: () => Promise<T>,
): Promise<T> {
  const place = metricsPlaceOf(call)
  const server = place === undefined ? undefined : await serveMetrics(call, governor, place)
  try {
    return await work()
  } finally {
    await server?.close()
  }
}

async function serveMetrics(
  { host: { note } }: CommandCall,
  governor: EmbeddedGovernor,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  const { metricsApp } = await import('@preceptor/hono-middleware/metrics')
  const isLocal = LOOPBACK.includes(host)
  const server = await listen(metricsApp(governor, isLocal ? { allowedHosts: LOOPBACK } : {}), {
    host: host.replace(/^\[|\]$/g, ''),
    port,
  })
  note(`metrics at ${server.address}/metrics${isLocal ? '' : ', for everybody who reaches that address'}`)
  return server
}
