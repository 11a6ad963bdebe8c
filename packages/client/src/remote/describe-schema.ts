import type { ActionDefinition } from '../port/action.ts'
import type { JsonObject } from '../port/json.ts'
import type { StandardSchema } from '../port/standard-schema.ts'
import { copyJsonObject } from './copy-json.ts'

type Describe = (options: { readonly target: string }) => object

/** A Standard Schema that can also state itself as JSON Schema (https://standardschema.dev/json-schema). */
interface DescribedSchema extends StandardSchema {
  readonly '~standard': StandardSchema['~standard'] & {
    readonly jsonSchema: { readonly input: Describe; readonly output?: Describe }
  }
}

/** Tells a Standard Schema from JSON Schema. */
export function isStandardSchema(value: NonNullable<ActionDefinition['args']>): value is StandardSchema {
  return '~standard' in value
}

/**
 * A Standard Schema as the gate is told it. The args come to the gate as they were parsed here, so a schema that makes
 * something else of a value, or that cannot state itself, is told as one that takes any object.
 *
 * @throws what the schema throws when it cannot be written as JSON Schema.
 */
export function describeSchema(name: string, schema: StandardSchema): JsonObject {
  const opaque = { $comment: `opaque schema of ${schema['~standard'].vendor}` }
  if (!isDescribed(schema)) return opaque
  const { input, output } = schema['~standard'].jsonSchema
  const target = { target: 'draft-2020-12' }
  const described = copyJsonObject(input(target), `schema of ${name}`)
  return output === undefined || isSame(described, () => output(target)) ? described : opaque
}

function isDescribed(schema: StandardSchema): schema is DescribedSchema {
  return 'jsonSchema' in schema['~standard']
}

function isSame(input: JsonObject, output: () => object): boolean {
  try {
    return JSON.stringify(shapeOf(input)) === JSON.stringify(shapeOf(output()))
  } catch {
    // What a transformation gives is not known.
    return false
  }
}

/** What defaults, and what is left out, change between what goes into a schema and what comes out of it. */
const BESIDE_SHAPE = new Set(['additionalProperties', 'default', '$schema'])

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(
    ([key, part]) => key !== 'required' && (!BESIDE_SHAPE.has(key) || typeof part === 'object'),
  )
  return Object.fromEntries(kept.map(([key, part]) => [key, shapeOf(part)]))
}
