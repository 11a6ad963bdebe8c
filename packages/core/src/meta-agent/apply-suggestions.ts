import type { JsonObject, JsonValue } from '@preceptor/client'
import { assertJsonObject } from '../kernel/json-guard.ts'
import { own } from '../kernel/own-property.ts'

/** A value that should stand at a place of the args. */
export interface Suggestion {
  /** JSON Pointer (RFC 6901) of a place that is there, or that its object may have. */
  readonly pointer: string
  readonly value: JsonValue
}

/** The args with the suggested values; undefined when one of them has no place there. */
export function applySuggestions(args: JsonObject, suggestions: readonly Suggestion[]): JsonObject | undefined {
  let changed: JsonValue | undefined = args
  for (const { pointer, value } of suggestions) {
    if (!/^(?:\/(?:[^~/]|~[01])*)+$/.test(pointer)) return undefined
    const steps = pointer.split('/').slice(1)
    const names = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    changed = changed === undefined ? undefined : put(changed, names, value)
  }
  try {
    return changed === undefined ? undefined : assertJsonObject(changed, { name: 'args' })
  } catch {
    return undefined
  }
}

function put(at: JsonValue, [name, ...rest]: readonly string[], value: JsonValue): JsonValue | undefined {
  if (name === undefined) return value
  if (isArray(at)) return putItem(at, [name, ...rest], value)
  if (typeof at !== 'object' || at === null) return undefined
  const known = own(at, name)
  // Only the last step may name what is not there.
  if (known === undefined && rest.length > 0) return undefined
  const next = put(known ?? null, rest, value)
  return next === undefined ? undefined : Object.fromEntries([...Object.entries(at), [name, next]])
}

function putItem(
  at: readonly JsonValue[],
  [name = '', ...rest]: readonly string[],
  value: JsonValue,
): JsonValue | undefined {
  const index = /^(?:0|[1-9]\d{0,5})$/.test(name) ? Number(name) : -1
  const known = at[index]
  if (known === undefined) return undefined
  const next = put(known, rest, value)
  return next === undefined ? undefined : at.map((item, place) => (place === index ? next : item))
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
