import type { ArgCondition, GrantMatcher, JsonObject, JsonValue } from '@preceptor/client'
import { canonicalJson } from '../kernel/canonical-json.ts'

/** What a matcher is held against: args as parsed, which is what would run. */
export interface MatchedAttempt {
  readonly args: JsonObject
  readonly resource: string | null
}

/** Whether a matcher lets an attempt through: every argument is named, and is what the matcher says. */
export function matchesAttempt(matcher: GrantMatcher, { args, resource }: MatchedAttempt): boolean {
  if ((matcher.resource ?? null) !== resource) return false
  if (Object.keys(args).some((name) => !Object.hasOwn(matcher.args, name))) return false
  return Object.entries(matcher.args).every(([name, condition]) =>
    holds(condition, Object.hasOwn(args, name) ? args[name] : undefined),
  )
}

function holds(condition: ArgCondition, value: JsonValue | undefined): boolean {
  if ('any' in condition) return condition.any
  if (value === undefined) return false
  if ('equals' in condition) return isSame(condition.equals, value)
  if ('oneOf' in condition) return condition.oneOf.some((one) => isSame(one, value))
  // Whatever is no number is not within a range, and neither is what only looks like one.
  if (typeof value !== 'number' || !Number.isFinite(value)) return false
  if ('atMost' in condition) return value >= 0 && value <= condition.atMost
  if ('atLeast' in condition) return value >= condition.atLeast
  if ('between' in condition) return value >= condition.between[0] && value <= condition.between[1]
  condition satisfies never
  return false
}

function isSame(one: JsonValue, other: JsonValue): boolean {
  return canonicalJson(one) === canonicalJson(other)
}
