import { GovernanceError, type JsonObject } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { isoTime } from '../kernel/clock.ts'
import { own } from '../kernel/own-property.ts'
import { windowStart } from '../kernel/windows.ts'
import type { EffectiveRule, Policy } from '../policy/policy.ts'
import type { Limit } from '../policy/policy-document.ts'
import { type Attempt, agentsOf } from './attempt.ts'
import type { Claim } from './consequences.ts'
import { consumeLimit, type LimitCounter, readLimitUse } from './limit-store.ts'
import type { LimitCheck } from './ruling.ts'

/** What is held against limits. */
export interface LimitedAttempt {
  /** The acting agent and those that delegated to it: what one does for another counts for both. */
  readonly agents: readonly string[]
  readonly args: JsonObject
  readonly resource: string | null
  readonly limits: readonly Limit[]
  /** ISO 8601. */
  readonly at: string
}

/** How much of one limit is used. */
export interface LimitUse {
  readonly limit: Limit
  /** What it is counted by; null when the args do not say. */
  readonly counter: LimitCounter | null
  /** What the attempt needs of it; null when its args do not say. */
  readonly cost: number | null
  /** What is used of it in the present window. */
  readonly used: number
}

/** Looks at how much of some limits is used, and needed now. */
export async function readLimitUses(tx: Tx, asked: LimitedAttempt): Promise<readonly LimitUse[]> {
  const uses: LimitUse[] = []
  for (const { limit, counter } of countersOf(asked)) {
    const cost = counter === null ? null : costOf(limit, asked.args)
    uses.push({ limit, counter, cost, used: counter === null ? 0 : await readLimitUse(tx, counter) })
  }
  return uses
}

interface LimitQuestion {
  readonly context: Pick<GovernorContext, 'clock'>
  readonly attempt: Attempt
}

/** Looks at what is left of the limits of an attempt, without using any of it. */
export async function checkLimits(
  tx: Tx,
  question: LimitQuestion & { readonly policy: Policy },
): Promise<readonly LimitCheck[]> {
  const { attempt, policy } = question
  const limits = attempt.resolution.status === 'resolved' ? policy.ruleFor(attempt.resolution.action).limits : []
  const uses = await readLimitUses(tx, limitedAttempt(question, limits))
  return uses.map(checkLimit)
}

function checkLimit({ limit, counter, cost, used }: LimitUse): LimitCheck {
  const { name, most, per } = limit
  if (counter === null) {
    const target = limit.target === undefined ? 'resource' : `argument "${limit.target}"`
    return { name, sufficient: false, reason: `The limit "${name}" is counted by the ${target}, which must be given.` }
  }
  if (cost === null) {
    // A negative or missing amount would pass, or even refill, the limit.
    const reason = `The limit "${name}" sums the argument "${limit.spend}", which must be a whole number of at least 0.`
    return { name, sufficient: false, reason }
  }
  const reason = `The limit "${name}" of ${most} per ${per}${forWhom(limit, counter)} has ${Math.max(0, most - used)} left; ${cost} is needed.`
  return { name, sufficient: used + cost <= most, reason }
}

function forWhom({ scope = 'agent' }: Limit, { subject }: LimitCounter): string {
  if (scope === 'workspace') return ' in the workspace'
  return scope === 'target' ? ' to one target' : ` of the agent "${subject}"`
}

/**
 * Uses up the limits of an attempt that is about to run, in the transaction that lets it run. Under shadow they are
 * counted as far as they reach.
 *
 * @throws GovernanceError `LIMIT_EXCEEDED` when another attempt used up the rest meanwhile.
 */
export async function consumeLimits(
  tx: Tx,
  use: LimitQuestion & { readonly rule: EffectiveRule | null; readonly claim: Claim | null },
): Promise<void> {
  const { attempt, rule, claim } = use
  const limited = limitedAttempt(use, rule?.limits ?? [])
  for (const { limit, counter } of inOneOrder(countersOf(limited))) {
    const cost = costOf(limit, limited.args) ?? Number.POSITIVE_INFINITY
    const { most } = limit
    if ((counter !== null && (await consumeLimit(tx, { ...counter, most, cost, claim }))) || rule?.shadow) continue
    throw new GovernanceError('LIMIT_EXCEEDED', {
      message: `The limit "${limit.name}" of ${limit.most} per ${limit.per} was used up before ${attempt.trigger.action}.`,
    })
  }
}

function limitedAttempt({ context, attempt }: LimitQuestion, limits: readonly Limit[]): LimitedAttempt {
  const { trigger, resolution } = attempt
  return {
    agents: agentsOf(trigger),
    args: resolution.status === 'resolved' ? resolution.args : {},
    resource: trigger.resource ?? null,
    limits,
    // What waited for a supervisor or an approval counts for the window in which it runs.
    at: isoTime(context.clock.now()),
  }
}

interface Counted {
  readonly limit: Limit
  readonly counter: LimitCounter | null
}

function countersOf({ agents, limits, args, resource, at }: LimitedAttempt): readonly Counted[] {
  return limits.flatMap((limit): Counted[] => {
    const covered = agents.filter((agent) => limit.agents === undefined || limit.agents.includes(agent))
    const counter = { name: limit.name, windowStart: isoTime(windowStart(limit.per, Date.parse(at))) }
    if (covered.length === 0) return []
    switch (limit.scope) {
      case 'workspace':
        return [{ limit, counter: { ...counter, subject: '*' } }]
      case 'target': {
        const target = targetOf(limit, { args, resource })
        return [{ limit, counter: target === null ? null : { ...counter, subject: `target:${target}` } }]
      }
      case 'agent':
      case undefined:
        return covered.map((subject) => ({ limit, counter: { ...counter, subject } }))
      default:
        return limit.scope satisfies never
    }
  })
}

/** Only its hash: whom money goes to is nobody's business here. */
function targetOf({ target }: Limit, { args, resource }: Pick<LimitedAttempt, 'args' | 'resource'>): string | null {
  const value = target === undefined ? resource : own(args, target)
  const isNamed = (typeof value === 'string' && value !== '') || Number.isSafeInteger(value)
  return isNamed && value !== undefined ? hashCanonical(value) : null
}

/** Two attempts that use several counters take them in the same order: neither waits for the other for ever. */
function inOneOrder(counted: readonly Counted[]): readonly Counted[] {
  const placeOf = ({ limit, counter }: Counted): string => JSON.stringify([counter?.subject ?? '', limit.name])
  return counted.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
}

function costOf(limit: Limit, args: JsonObject): number | null {
  if (limit.spend === undefined) return 1
  const amount = own(args, limit.spend)
  return typeof amount === 'number' && Number.isSafeInteger(amount) && amount >= 0 ? amount : null
}
