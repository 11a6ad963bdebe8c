import { GovernanceError } from '@preceptor/client'
import { createGovernor, type EmbeddedGovernor } from '@preceptor/core'
import { governanceApi } from '@preceptor/hono-middleware'
import { createWorker } from '@preceptor/worker'
import { Hono } from 'hono'
import { issueAdministratorKey } from '../administrator-key.ts'
import type { Command, CommandCall } from '../command.ts'
import { listen } from '../listen.ts'
import { describePlace, PLACE_FLAGS, placeOf } from '../place.ts'

const PORT = 4600
const HOST = '127.0.0.1'

/** `preceptor serve`: the control plane and a worker, until it is told to stop. */
export const serve: Command = {
  name: 'serve',
  words: [],
  summary: 'Serve the control plane, with a worker, until SIGINT or SIGTERM',
  flags: {
    ...PLACE_FLAGS,
    port: { value: '<number>', summary: `default ${PORT}; 0 takes any that is free` },
    host: { value: '<address>', summary: `default ${HOST}, which only this machine reaches` },
    'new-key': { summary: 'make an administrator key and revoke those before' },
  },
  async run(call) {
    const port = parsePort(call.flags.port)
    const governor = await openGovernor(call)
    try {
      await serveGovernor(call, { governor, port })
    } finally {
      await governor.close()
    }
    return 0
  },
}

function openGovernor(call: CommandCall): Promise<EmbeddedGovernor> {
  const { env, note } = call.host
  return createGovernor({
    ...placeOf(call),
    ...(env.REDIS_URL ? { redis: env.REDIS_URL } : {}),
    production: env.NODE_ENV === 'production',
    report: ({ level, code, message }) => note(`${level}: ${code}: ${message}`),
  })
}

async function serveGovernor(
  call: CommandCall,
  { governor, port }: { readonly governor: EmbeddedGovernor; readonly port: number },
): Promise<void> {
  const { host, flags } = call
  const onFault = ({ error, traceId, path }: { error: unknown; traceId: string; path: string }): void =>
    host.note(`error: ${path}: ${error instanceof Error ? error.message : String(error)} (trace ${traceId})`)
  const app = new Hono().route('/api', governanceApi(governor, { onFault }))
  const worker = await createWorker(governor)
  try {
    const server = await listen(app, { host: typeof flags.host === 'string' ? flags.host : HOST, port })
    try {
      await announce(call, governor, server.address)
      await untilAborted(host.ended)
      host.note('closing')
    } finally {
      await server.close()
    }
  } finally {
    await worker.close()
  }
}

async function announce(call: CommandCall, governor: EmbeddedGovernor, address: string): Promise<void> {
  const place = placeOf(call)
  const isEmbedded = place.database === undefined
  if (isEmbedded) call.host.note('the embedded database is for development: a power loss may lose data')
  const system = governor.as({ workspace: 'default', principal: { kind: 'system', id: 'cli', roles: [] } })
  // The output of a server is mostly kept, so that a key is put there only on request.
  const created = await issueAdministratorKey(system, { first: isEmbedded, renew: call.flags['new-key'] === true })
  const key = created === undefined ? [] : [`Administrator key  ${created.secret}  (shown this once)`]
  const lines = [`API                ${address}/api`, `Database           ${describePlace(place)}`, ...key]
  const json = { address, administratorKey: created?.secret ?? null }
  await call.print({ text: lines.join('\n'), json })
  if (created === undefined) call.host.note('no administrator key was made; --new-key makes one')
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

function parsePort(value: string | boolean | undefined): number {
  const port = typeof value === 'string' ? Number(value) : PORT
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && value !== '') return port
  throw new GovernanceError('OPTION_INVALID', { message: `Option --port: ${JSON.stringify(value)} is no port.` })
}
