import {
  type ArgCondition,
  GovernanceError,
  type GrantMatcher,
  type JsonObject,
  type JsonValue,
} from '@preceptor/client'
import { REDACTED } from '../journal/redact-text.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import type { MatchedAttempt } from './matcher.ts'
import { parseMatcher } from './parse-matcher.ts'

const FEW = 5

/**
 * The narrowest matcher of its kind that lets all of these attempts through: one value where there was one, a range of
 * numbers, a few values, else any. Null where they have too little in common, are too large to be named, or have a part
 * that is hidden: nobody should allow what nobody has seen.
 */
export function suggestMatcher(attempts: readonly MatchedAttempt[]): GrantMatcher | null {
  const [first] = attempts
  if (first === undefined || attempts.some(({ resource }) => resource !== first.resource)) return null
  if (attempts.some(({ args }) => JSON.stringify(args).includes(JSON.stringify(REDACTED)))) return null
  const names = new Set(attempts.flatMap(({ args }) => Object.keys(args)))
  const args = [...names].sort().map((name) => [name, conditionOf(attempts.map((one) => argOf(one.args, name)))])
  try {
    return parseMatcher({ args: Object.fromEntries(args), resource: first.resource })
  } catch (error) {
    if (GovernanceError.isInstance(error)) return null
    throw error
  }
}

function argOf(args: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined
}

function conditionOf(values: readonly (JsonValue | undefined)[]): ArgCondition {
  const present = values.filter((value) => value !== undefined)
  if (present.length < values.length) return { any: true }
  const distinct = [...new Map(present.map((value) => [canonicalJson(value), value])).values()]
  const [only] = distinct
  if (distinct.length === 1 && only !== undefined) return { equals: only }
  const numbers = distinct.filter((value) => typeof value === 'number')
  if (numbers.length === distinct.length) return { between: [Math.min(...numbers), Math.max(...numbers)] }
  return distinct.length <= FEW ? { oneOf: distinct } : { any: true }
}
