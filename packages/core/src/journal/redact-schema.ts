import type { JsonObject, JsonValue } from '@preceptor/client'
import { own } from '../kernel/own-property.ts'

/** The place of a value: keys from the top, `*` for any key or index. */
export type SensitivePath = readonly string[]

const DEEPEST = 32
const MOST_SCHEMAS = 2_000
const EVERYTHING: readonly SensitivePath[] = [[]]
// The words that schemas have for it: `sensitive` is ours, the others are those of OpenAPI and of form generators.
const MARKS = [
  ['sensitive', true],
  ['writeOnly', true],
  ['x-sensitive', true],
  ['format', 'password'],
] as const
const VARIANTS = ['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else']
const ANY_KEY = [
  'additionalProperties',
  'patternProperties',
  'items',
  'prefixItems',
  'unevaluatedProperties',
  'unevaluatedItems',
  'contains',
]

interface Walk {
  readonly root: JsonObject
  readonly paths: SensitivePath[]
  left: number
}

/**
 * The places that a JSON Schema marks with `sensitive`, `writeOnly`, `x-sensitive` or the format `password`. A schema
 * that cannot be followed to its end, as one that refers to itself or to another document, counts as sensitive where it
 * is no longer followed.
 */
export function sensitivePathsOf(schema: JsonObject): readonly SensitivePath[] {
  const text = JSON.stringify(schema)
  if (!MARKS.some(([keyword, value]) => text.includes(`"${keyword}":${JSON.stringify(value)}`))) return []
  const walk: Walk = { root: schema, paths: [], left: MOST_SCHEMAS }
  visit(schema, [], walk, 0)
  return walk.left < 0 ? EVERYTHING : walk.paths
}

function visit(schema: JsonValue | undefined, path: SensitivePath, walk: Walk, depth: number): void {
  if (!isObject(schema)) return
  walk.left -= 1
  if (walk.left < 0) return
  const reference = own(schema, '$ref') ?? own(schema, '$dynamicRef')
  if (MARKS.some(([keyword, value]) => own(schema, keyword) === value) || depth > DEEPEST || isElsewhere(reference)) {
    walk.paths.push(path)
    return
  }
  const next = depth + 1
  visit(resolve(reference, walk.root), path, walk, next)
  for (const [key, property] of entries(own(schema, 'properties'))) visit(property, [...path, key], walk, next)
  for (const [, dependent] of entries(own(schema, 'dependentSchemas'))) visit(dependent, path, walk, next)
  for (const keyword of VARIANTS) eachSchema(own(schema, keyword), (variant) => visit(variant, path, walk, next))
  for (const keyword of ANY_KEY) {
    const inner = own(schema, keyword)
    const schemas = keyword === 'patternProperties' ? entries(inner).map(([, value]) => value) : inner
    eachSchema(schemas, (item) => visit(item, [...path, '*'], walk, next))
  }
}

function eachSchema(value: JsonValue | undefined, take: (schema: JsonValue) => void): void {
  if (isArray(value)) for (const schema of value) take(schema)
  else if (value !== undefined) take(value)
}

/** Whether a reference is none to a place in this document: by the name of an anchor, or to another document. */
function isElsewhere(reference: JsonValue | undefined): boolean {
  return typeof reference === 'string' && reference !== '#' && !reference.startsWith('#/')
}

function resolve(reference: JsonValue | undefined, root: JsonObject): JsonValue | undefined {
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined
  let found: JsonValue | undefined = root
  for (const step of reference.slice(1).split('/').filter(Boolean)) {
    found = isObject(found) ? own(found, decode(step)) : undefined
  }
  return found
}

function decode(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}

function entries(value: JsonValue | undefined): readonly (readonly [string, JsonValue])[] {
  return isObject(value) ? Object.entries(value) : []
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isArray(value)
}
