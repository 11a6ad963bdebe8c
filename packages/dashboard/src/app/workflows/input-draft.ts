import type { JsonObject, JsonValue } from '@preceptor/client'
import { isObject } from '../data/is-object.ts'

/** An input to begin with: what the schema needs, with its defaults, or something of the right type. */
export function inputDraft(schema: JsonObject | undefined): JsonObject {
  const properties = schema?.properties
  if (!isObject(properties)) return {}
  const required = Array.isArray(schema?.required) ? schema.required : []
  const shown = Object.entries(properties).filter(
    ([name, of]) => required.includes(name) || (isObject(of) && of.default !== undefined),
  )
  return Object.fromEntries(shown.map(([name, of]) => [name, draftOf(of)]))
}

const OF_TYPES: Readonly<Record<string, JsonValue>> = {
  string: '',
  number: 0,
  integer: 0,
  boolean: false,
  array: [],
  null: null,
}

function draftOf(schema: JsonValue): JsonValue {
  if (!isObject(schema)) return null
  if (schema.default !== undefined) return schema.default
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? null
  if (schema.type === 'object') return inputDraft(schema)
  return OF_TYPES[String(schema.type)] ?? null
}
