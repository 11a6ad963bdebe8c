import type { DatabasePlace, EmbeddedGovernor, GovernorOptions } from '@preceptor/core'
import { checkpointsOf } from './checkpoints-of.ts'
import type { CommandCall } from './command.ts'
import { jwtOf } from './jwt-of.ts'
import { reportTo } from './log.ts'
import { loadPlugins } from './plugins.ts'
import { readRateLimits } from './read-rate-limits.ts'

/** Opens the gate of a command, whose reports go where diagnostics go. */
export async function openGovernor(
  { host }: Pick<CommandCall, 'host'>,
  place: DatabasePlace,
  { channels = [], ...options }: Pick<GovernorOptions, 'channels' | 'actions' | 'settings' | 'migrate'> = {},
): Promise<EmbeddedGovernor> {
  const { env } = host
  // Loaded where it is needed: a command that only asks a server is there at once.
  const { createGovernor } = await import('@preceptor/core')
  const checkpoints = await checkpointsOf(env)
  const jwt = jwtOf(env)
  return createGovernor({
    ...place,
    ...options,
    plugins: await loadPlugins(),
    channels,
    ...(env.REDIS_URL ? { redis: env.REDIS_URL } : {}),
    ...(env.PRECEPTOR_PUBLIC_URL ? { publicUrl: env.PRECEPTOR_PUBLIC_URL } : {}),
    ...(env.PRECEPTOR_OUTBOUND_ALLOW ? { outbound: { allow: env.PRECEPTOR_OUTBOUND_ALLOW.split(',') } } : {}),
    ...(checkpoints === undefined ? {} : { checkpoints }),
    ...(jwt === undefined ? {} : { jwt }),
    ...readRateLimits(env),
    production: env.NODE_ENV === 'production',
    report: reportTo(host),
  })
}

/** Waits until the command is told to end. */
export function untilEnded({ host: { ended } }: Pick<CommandCall, 'host'>): Promise<void> {
  if (ended.aborted) return Promise.resolve()
  return new Promise((resolve) => ended.addEventListener('abort', () => resolve(), { once: true }))
}
