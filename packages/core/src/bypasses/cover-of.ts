import type { BypassCover } from '@preceptor/client'

/** Says in words what a bypass covers. */
export function coverOf({ agent, capability, action }: BypassCover): string {
  const who = agent === null ? 'every agent' : `the agent "${agent}"`
  if (action !== null) return `"${action}" of ${who}`
  return capability === null ? who : `the capability "${capability}" of ${who}`
}
