import { type Schema, Validator } from '@cfworker/json-schema'
import { type ActionDefinition, GovernanceError, type JsonObject, type StandardSchema } from '@preceptor/client'
import { assertJsonObject } from '../kernel/json-guard.ts'
import type { ArgsResult, ArgsValidator } from './registered-action.ts'

/** A Standard Schema that can also state itself as JSON Schema (https://standardschema.dev/json-schema). */
interface DescribedSchema extends StandardSchema {
  readonly '~standard': StandardSchema['~standard'] & {
    readonly jsonSchema: { readonly input: (options: { readonly target: string }) => object }
  }
}

type StandardResult = Awaited<ReturnType<StandardSchema['~standard']['validate']>>

/** What the args of an action must be: the schema as JSON, for the digest and for readers, and its validator. */
export interface ArgsContract {
  readonly schema: JsonObject | null
  /** Whether code of the host validates, which may ask for more than the schema says. */
  readonly isCode: boolean
  readonly validate: ArgsValidator
}

/** Makes the contract of a declared schema. */
export function argsContract(name: string, args: ActionDefinition['args']): ArgsContract {
  if (args === undefined) return { schema: null, isCode: false, validate: (value) => ({ valid: true, args: value }) }
  if (isStandardSchema(args))
    return { schema: describe(name, args), isCode: true, validate: (value) => validateStandard(args, value) }
  const schema = assertJsonObject(args, { name: `schema of ${name}` })
  return { schema, isCode: false, validate: jsonSchemaValidator(name, args) }
}

/** Whether a declared schema is one of a library (https://standardschema.dev), and no JSON Schema. */
export function isStandardSchema(value: object): value is StandardSchema {
  return '~standard' in value
}

function isDescribed(schema: StandardSchema): schema is DescribedSchema {
  return 'jsonSchema' in schema['~standard']
}

function describe(name: string, schema: StandardSchema): JsonObject {
  // A schema that cannot describe itself still gets a digest; only a change inside it then goes unnoticed.
  if (!isDescribed(schema)) return { $comment: `opaque schema of ${schema['~standard'].vendor}` }
  try {
    return assertJsonObject(schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' }), {
      name: `schema of ${name}`,
    })
  } catch (cause) {
    throw new GovernanceError('INPUT_INVALID', {
      message: `The schema of action "${name}" cannot be written as JSON Schema.`,
      hint: 'Leave out transforms, dates and other parts that JSON cannot carry.',
      cause,
    })
  }
}

/** Schemas mostly answer at once, and then nothing waits. */
function validateStandard(schema: StandardSchema, value: JsonObject): ArgsResult | Promise<ArgsResult> {
  const result = schema['~standard'].validate(value)
  // Any thenable, as the specification lets a library have its own.
  return 'then' in result ? Promise.resolve(result).then(argsResult) : argsResult(result)
}

function argsResult(result: StandardResult): ArgsResult {
  if (result.issues) {
    return {
      valid: false,
      problems: result.issues.slice(0, 8).map(({ message, path }) => `${pathText(path)}: ${message}`),
    }
  }
  return { valid: true, args: assertJsonObject(result.value, { name: 'args' }) }
}

function pathText(path: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined): string {
  const text = (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
  return text === '' ? 'args' : `args.${text}`
}

/** Of a number out of range the validator tells the number itself. */
function withoutNumber(error: string): string {
  return error.replace(/^-?\d[\d.e+-]* is /i, 'The number is ')
}

function jsonSchemaValidator(name: string, schema: object): ArgsValidator {
  let validator: Validator
  try {
    validator = new Validator(schema as Schema, '2020-12', false)
  } catch (cause) {
    throw new GovernanceError('INPUT_INVALID', { message: `The schema of action "${name}" is not JSON Schema.`, cause })
  }
  return (value) => {
    const { valid, errors } = validator.validate(value)
    if (valid) return { valid: true, args: value }
    return {
      valid: false,
      problems: errors
        .slice(0, 8)
        .map(({ instanceLocation, error }) => `args${instanceLocation.slice(1)}: ${withoutNumber(error)}`),
    }
  }
}
