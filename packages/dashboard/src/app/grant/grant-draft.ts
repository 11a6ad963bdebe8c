import type { ArgCondition, GrantMatcher, JsonObject, JsonValue, Proposal } from '@preceptor/client'

/** How one argument of later calls may differ from this one. */
export type ArgRule = 'same' | 'atMost' | 'atLeast' | 'any'

/** What is being allowed ahead of time, as far as it is filled in. */
export interface GrantDraft {
  /** By argument. */
  readonly rules: Readonly<Record<string, ArgRule>>
  /** Bounds of numbers as typed, by argument. */
  readonly bounds: Readonly<Record<string, string>>
}

/** The draft with which it begins: calls that are just like this one. */
export function draftOf({ args }: Pick<Proposal, 'args'>): GrantDraft {
  return {
    rules: Object.fromEntries(Object.keys(args).map((name) => [name, 'same'])),
    bounds: Object.fromEntries(
      Object.entries(args).flatMap(([name, value]) => (typeof value === 'number' ? [[name, String(value)]] : [])),
    ),
  }
}

/** The rules that fit a value: only numbers have bounds. */
export function rulesFor(value: JsonValue | undefined): readonly ArgRule[] {
  return typeof value === 'number' ? ['same', 'atMost', 'atLeast', 'any'] : ['same', 'any']
}

/** The matcher that a draft says; undefined while a bound is no number. */
export function matcherOf(
  { args, resource }: Pick<Proposal, 'args' | 'resource'>,
  draft: GrantDraft,
): GrantMatcher | undefined {
  const conditions = Object.keys(args).map((name) => [name, conditionOf(args, draft, name)] as const)
  const known = conditions.filter((entry): entry is readonly [string, ArgCondition] => entry[1] !== undefined)
  if (known.length < conditions.length) return undefined
  return { args: Object.fromEntries(known), ...(resource === null ? {} : { resource }) }
}

function conditionOf(args: JsonObject, { rules, bounds }: GrantDraft, name: string): ArgCondition | undefined {
  const rule = rules[name] ?? 'same'
  if (rule === 'any') return { any: true }
  if (rule === 'same') return { equals: args[name] ?? null }
  const text = (bounds[name] ?? '').trim()
  const bound = Number(text)
  if (text === '' || !Number.isFinite(bound)) return undefined
  return rule === 'atMost' ? { atMost: bound } : { atLeast: bound }
}
