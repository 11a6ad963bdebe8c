import { GovernanceError, type JsonObject } from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { EffectiveRule, Policy } from '../policy/policy.ts'
import type { Limit } from '../policy/policy-document.ts'
import type { Attempt } from './attempt.ts'
import type { LimitCheck } from './ruling.ts'
import { consumeLimit, readLimitUse } from './store.ts'

const WINDOWS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const

/** The limits that an attempt falls under. */
function limitsFor(attempt: Attempt, policy: Policy): readonly Limit[] {
  return attempt.resolution.status === 'resolved' ? policy.ruleFor(attempt.resolution.action).limits : []
}

/** How much of one limit is used. */
export interface LimitUse {
  readonly limit: Limit
  /** What the attempt needs of it; null when its args do not say. */
  readonly cost: number | null
  /** What is used of it in the present window. */
  readonly used: number
}

/** Looks at how much of some limits an agent has used, and needs now. */
export async function readLimitUses(
  tx: Tx,
  asked: { readonly agent: string; readonly args: JsonObject; readonly limits: readonly Limit[]; readonly at: string },
): Promise<readonly LimitUse[]> {
  const uses: LimitUse[] = []
  for (const limit of asked.limits) {
    const counter = { agent: asked.agent, name: limit.name, windowStart: windowOf(limit, asked.at) }
    uses.push({ limit, cost: costOf(limit, asked.args), used: await readLimitUse(tx, counter) })
  }
  return uses
}

/** Looks at what is left of the limits of an attempt, without using any of it. */
export async function checkLimits(tx: Tx, attempt: Attempt, policy: Policy): Promise<readonly LimitCheck[]> {
  const { trigger, decidedAt: at } = attempt
  const limits = limitsFor(attempt, policy)
  const uses = await readLimitUses(tx, { agent: trigger.agent, args: argsOf(attempt), limits, at })
  return uses.map(checkLimit)
}

function checkLimit({ limit, cost, used }: LimitUse): LimitCheck {
  if (cost === null) {
    // A negative or missing amount would pass, or even refill, the limit.
    const reason = `The limit "${limit.name}" sums the argument "${limit.spend}", which must be a whole number of at least 0.`
    return { name: limit.name, sufficient: false, reason }
  }
  const reason = `The limit "${limit.name}" of ${limit.most} per ${limit.per} has ${Math.max(0, limit.most - used)} left; ${cost} is needed.`
  return { name: limit.name, sufficient: used + cost <= limit.most, reason }
}

/**
 * Uses up the limits of an attempt that is about to run, in the transaction that lets it run. Under shadow they are
 * counted as far as they reach.
 *
 * @throws GovernanceError `LIMIT_EXCEEDED` when another attempt used up the rest meanwhile.
 */
export async function consumeLimits(tx: Tx, attempt: Attempt, rule: EffectiveRule | null): Promise<void> {
  for (const limit of rule?.limits ?? []) {
    const cost = costOf(limit, argsOf(attempt)) ?? Number.POSITIVE_INFINITY
    const windowStart = windowOf(limit, attempt.decidedAt)
    if ((await consumeLimit(tx, { agent: attempt.trigger.agent, limit, windowStart, cost })) || rule?.shadow) continue
    throw new GovernanceError('LIMIT_EXCEEDED', {
      message: `The limit "${limit.name}" of ${limit.most} per ${limit.per} was used up meanwhile.`,
    })
  }
}

function argsOf(attempt: Attempt): JsonObject {
  return attempt.resolution.status === 'resolved' ? attempt.resolution.args : {}
}

function costOf(limit: Limit, args: JsonObject): number | null {
  if (limit.spend === undefined) return 1
  const amount = Object.hasOwn(args, limit.spend) ? args[limit.spend] : undefined
  return typeof amount === 'number' && Number.isSafeInteger(amount) && amount >= 0 ? amount : null
}

function windowOf(limit: Limit, at: string): string {
  const length = WINDOWS[limit.per]
  return isoTime(Math.floor(Date.parse(at) / length) * length)
}
