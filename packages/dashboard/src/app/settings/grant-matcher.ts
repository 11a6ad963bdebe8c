import type { ArgCondition, GrantMatcher, JsonObject, JsonValue } from '@preceptor/client'

/** What a condition of one argument can be. */
export type ConditionKind = 'equals' | 'oneOf' | 'atMost' | 'atLeast' | 'between' | 'any'

/** A condition as it is written: texts. */
export interface ConditionRow {
  readonly id: number
  readonly arg: string
  readonly kind: ConditionKind
  /** JSON; of `between` two numbers, of `oneOf` a list, both separated by commas or as a JSON list. */
  readonly text: string
}

/** What is wrong with a row. */
export type ConditionFault = 'name' | 'twice' | 'json' | 'number' | 'pair' | 'list'

/** What the rows say. */
export type MatcherReading =
  | { readonly matcher: GrantMatcher }
  /** By the id of the row. */
  | { readonly faults: ReadonlyMap<number, ConditionFault> }

/** Reads the rows; whatever is not wholly understood is a fault. */
export function readMatcher(rows: readonly ConditionRow[], resource: string): MatcherReading {
  const faults = new Map<number, ConditionFault>()
  const args = new Map<string, ArgCondition>()
  for (const row of rows) {
    const condition = conditionOf(row)
    const name = row.arg.trim()
    if (name === '') faults.set(row.id, 'name')
    else if (args.has(name)) faults.set(row.id, 'twice')
    else if (typeof condition === 'string') faults.set(row.id, condition)
    else args.set(name, condition)
  }
  if (faults.size > 0) return { faults }
  const named = resource.trim()
  return { matcher: { args: Object.fromEntries(args), ...(named === '' ? {} : { resource: named }) } }
}

function conditionOf({ kind, text }: ConditionRow): ArgCondition | ConditionFault {
  if (kind === 'any') return { any: true }
  if (kind === 'equals') {
    const value = jsonOf(text)
    return value === undefined ? 'json' : { equals: value }
  }
  if (kind === 'oneOf') {
    const list = listOf(text)
    return list === undefined || list.length === 0 ? 'list' : { oneOf: list }
  }
  if (kind === 'between') {
    const [least, most, ...rest] = listOf(text) ?? []
    const isPair = typeof least === 'number' && typeof most === 'number' && rest.length === 0 && least <= most
    return isPair ? { between: [least, most] } : 'pair'
  }
  const number = jsonOf(text)
  if (typeof number !== 'number') return 'number'
  return kind === 'atMost' ? { atMost: number } : { atLeast: number }
}

function jsonOf(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

function listOf(text: string): readonly JsonValue[] | undefined {
  const value = jsonOf(text.trim().startsWith('[') ? text : `[${text}]`)
  return Array.isArray(value) ? value : undefined
}

/** The rows with which a grant for an action begins: one for each argument of its schema, to be filled in. */
export function rowsOfSchema(schema: JsonObject | null): readonly ConditionRow[] {
  const properties = schema?.properties
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return []
  return Object.keys(properties).map((arg, id) => ({ id, arg, kind: 'equals' as const, text: '' }))
}

/** A condition in one line: `amountCents ≤ 5000`. */
export function conditionText(arg: string, condition: ArgCondition): string {
  if ('any' in condition) return `${arg}: *`
  if ('equals' in condition) return `${arg} = ${JSON.stringify(condition.equals)}`
  if ('oneOf' in condition) return `${arg} ∈ ${JSON.stringify(condition.oneOf)}`
  if ('atMost' in condition) return `${arg} ≤ ${condition.atMost}`
  if ('atLeast' in condition) return `${arg} ≥ ${condition.atLeast}`
  return `${condition.between[0]} ≤ ${arg} ≤ ${condition.between[1]}`
}
