import type { JsonValue } from '@preceptor/client'
import { storableText } from '@preceptor/core/plugin'

const DEEPEST = 64

/**
 * A copy of JSON with every text of it passed through `change`, keys included, and without the characters that the database
 * cannot store. Undefined where it is nested deeper than 64 levels.
 */
export function storableJson(value: JsonValue, change: (text: string) => string): JsonValue | undefined {
  const text = (one: string): string => storableText(change(one))
  const copy = (one: JsonValue, depth: number): JsonValue => {
    if (depth > DEEPEST) throw new RangeError('deep')
    if (typeof one === 'string') return text(one)
    if (typeof one !== 'object' || one === null) return one
    if (isList(one)) return one.map((item) => copy(item, depth + 1))
    // Defines each key, so that `__proto__` is a key like any other.
    return Object.fromEntries(Object.entries(one).map(([key, item]) => [text(key), copy(item, depth + 1)]))
  }
  try {
    return copy(value, 0)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
