import type { RateLimitGroup } from '@preceptor/client'
import { z } from 'zod'

/** So many requests in so many seconds, over all processes on the same store. */
export interface RateLimit {
  readonly points: number
  readonly seconds: number
}

/** How many requests from outside are answered; each group can be changed or, with `false`, switched off. */
export interface RateLimitOptions extends Partial<Readonly<Record<RateLimitGroup, RateLimit | false>>> {
  /**
   * How many proxies of your own stand in front of the server, each of which adds to `X-Forwarded-For`; default 0: the
   * header is what the caller says, and counts for nothing.
   */
  readonly trustedProxies?: number
}

/** Rate limits as they were found valid; undefined where nothing is counted. */
export type RateLimits = { readonly [Group in RateLimitGroup]: RateLimit | undefined } & {
  readonly trustedProxies: number
}

const DEFAULTS: Readonly<Record<RateLimitGroup, RateLimit>> = {
  principal: { points: 2_000, seconds: 10 },
  agent: { points: 1_000, seconds: 10 },
  workspace: { points: 10_000, seconds: 10 },
  credentials: { points: 20, seconds: 60 },
}

const limit = z.union([
  z.literal(false),
  z.strictObject({ points: z.int().min(1).max(100_000_000), seconds: z.int().min(1).max(86_400) }),
])

/** The form of the option. */
export const rateLimitOptions: z.ZodType = z.union([
  z.literal(false),
  z.strictObject({
    principal: limit.optional(),
    agent: limit.optional(),
    workspace: limit.optional(),
    credentials: limit.optional(),
    trustedProxies: z.int().min(0).max(10).optional(),
  }),
])

/** Fills in the defaults of an option that was found valid. */
export function toRateLimits(options: RateLimitOptions | false = {}): RateLimits {
  const of = (group: RateLimitGroup): RateLimit | undefined => {
    const given = options === false ? false : (options[group] ?? DEFAULTS[group])
    return given === false ? undefined : given
  }
  return {
    principal: of('principal'),
    agent: of('agent'),
    workspace: of('workspace'),
    credentials: of('credentials'),
    trustedProxies: options === false ? 0 : (options.trustedProxies ?? 0),
  }
}
