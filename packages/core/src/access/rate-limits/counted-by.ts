import type { RateLimiterRes } from 'rate-limiter-flexible'
import type { LimitCounter } from './limit-counter.ts'
import type { RateLimit } from './rate-limit-options.ts'

/** The part of a limiter that is used: it adds points and tells how many there are, also past the limit. */
interface PointLimiter {
  penalty(key: string, points: number): Promise<RateLimiterRes>
}

/** A counter on a limiter of windows, each of which begins with the first point in it. */
export function countedBy(limiter: PointLimiter, { points, seconds }: RateLimit): LimitCounter {
  return {
    async reserve({ workspace, name }, wanted) {
      const { consumedPoints, msBeforeNext } = await limiter.penalty(`${workspace}:${name}`, wanted)
      const granted = Math.min(wanted, Math.max(points - (consumedPoints - wanted), 0))
      return { granted, endsInMs: Math.min(Math.max(msBeforeNext, 1), seconds * 1_000) }
    },
  }
}
