import type { JsonObject } from '@preceptor/client'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { isoTime } from '../kernel/clock.ts'
import { own } from '../kernel/own-property.ts'
import { windowStart } from '../kernel/windows.ts'
import type { Limit } from '../policy/policy-document.ts'
import type { LimitCounter } from './limit-store.ts'
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

/** Whether what is left of a limit is enough. */
export function checkLimit({ limit, counter, cost, used }: LimitUse): LimitCheck {
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

/** A limit that an attempt is held against, and what it is counted by; null where that is not given. */
export interface CountedLimit {
  readonly limit: Limit
  readonly counter: LimitCounter | null
}

/** The counters of an attempt: one for each agent, or one for all, or for the target. */
export function countersOf({ agents, limits, args, resource, at }: LimitedAttempt): readonly CountedLimit[] {
  return limits.flatMap((limit): CountedLimit[] => {
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
export function inOneOrder(counted: readonly CountedLimit[]): readonly CountedLimit[] {
  const placeOf = ({ limit, counter }: CountedLimit): string => JSON.stringify([counter?.subject ?? '', limit.name])
  return counted.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
}

/** What an attempt needs of a limit; null when its args do not say. */
export function costOf(limit: Limit, args: JsonObject): number | null {
  if (limit.spend === undefined) return 1
  const amount = own(args, limit.spend)
  return typeof amount === 'number' && Number.isSafeInteger(amount) && amount >= 0 ? amount : null
}
