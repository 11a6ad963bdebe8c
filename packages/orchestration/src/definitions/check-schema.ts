import { GovernanceError, type JsonObject, type JsonValue } from '@preceptor/client'
import type { DefinitionProblem } from '../client/workflow-definition.ts'
import { isObject } from './expressions.ts'
import { inputContract } from './input-contract.ts'
import { pathText } from './parse-definition.ts'

const TYPES: ReadonlySet<string> = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'])
const IN_ONE = ['additionalProperties', 'propertyNames', 'items', 'contains', 'not', 'if', 'then', 'else'] as const
const IN_LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const
const BY_NAME = ['properties', 'dependentSchemas'] as const
// A pattern, a reference and `uniqueItems` are no part of it: how long they take cannot be bounded.
const PLAIN = [
  ...['type', 'enum', 'const', 'required', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems', 'minContains', 'maxContains', 'minProperties', 'maxProperties'],
  ...['format', 'title', 'description', 'default', 'examples', 'deprecated', '$comment', '$schema'],
] as const
const KNOWN: ReadonlySet<string> = new Set([...PLAIN, ...IN_ONE, ...IN_LIST, ...BY_NAME])

/** What is wrong with the JSON Schema of the input. */
export function schemaProblems(schema: JsonObject): readonly DefinitionProblem[] {
  const problems = partProblems(schema, ['input'])
  if (problems.length > 0) return problems
  try {
    void inputContract(schema).validate({})
    return []
  } catch (error) {
    const message = GovernanceError.isInstance(error) ? error.message : 'It cannot be used.'
    return [{ path: 'input', code: 'schema_invalid', message }]
  }
}

function partProblems(schema: JsonValue | undefined, at: readonly PropertyKey[]): readonly DefinitionProblem[] {
  if (schema === undefined || typeof schema === 'boolean') return []
  if (!isObject(schema)) return [invalid(at, 'A schema is an object, true or false.')]
  const own = [...typeProblems(schema, at), ...unsupported(schema, at)]
  const single = IN_ONE.flatMap((key) => partProblems(schema[key], [...at, key]))
  const listed = IN_LIST.flatMap((key) => listProblems(schema[key], [...at, key]))
  const named = BY_NAME.flatMap((key) => namedProblems(schema[key], [...at, key]))
  return [...own, ...single, ...listed, ...named]
}

function typeProblems(schema: JsonObject, at: readonly PropertyKey[]): readonly DefinitionProblem[] {
  if (schema.type === undefined) return []
  const types: readonly unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type]
  if (types.every((type) => typeof type === 'string' && TYPES.has(type))) return []
  return [invalid([...at, 'type'], `A type is one of ${[...TYPES].join(', ')}.`)]
}

function unsupported(schema: JsonObject, at: readonly PropertyKey[]): readonly DefinitionProblem[] {
  const keys = Object.keys(schema).filter((key) => !KNOWN.has(key))
  const required = schema.required
  const isList =
    required === undefined || (Array.isArray(required) && required.every((name) => typeof name === 'string'))
  return [
    ...keys.map((key) => invalid([...at, key], `${JSON.stringify(key.slice(0, 40))} is not supported.`)),
    ...(isList ? [] : [invalid([...at, 'required'], 'A list of names is needed.')]),
  ]
}

function listProblems(schemas: JsonValue | undefined, at: readonly PropertyKey[]): readonly DefinitionProblem[] {
  if (schemas === undefined) return []
  if (!Array.isArray(schemas)) return [invalid(at, 'A list of schemas is needed.')]
  return schemas.flatMap((schema: JsonValue, index) => partProblems(schema, [...at, index]))
}

function namedProblems(schemas: JsonValue | undefined, at: readonly PropertyKey[]): readonly DefinitionProblem[] {
  if (schemas === undefined) return []
  if (!isObject(schemas)) return [invalid(at, 'An object of schemas is needed.')]
  return Object.entries(schemas).flatMap(([name, schema]) => partProblems(schema, [...at, name]))
}

function invalid(at: readonly PropertyKey[], message: string): DefinitionProblem {
  return { path: pathText(at), code: 'schema_invalid', message }
}
