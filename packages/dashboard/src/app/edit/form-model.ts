import type { JsonObject, JsonValue } from '@preceptor/client'
import { textOf } from '../text/use-text.ts'
import { EDIT } from './edit-messages.ts'

/** One field of a form that is made from a schema and the present args. */
export interface FormField {
  /** JSON Pointer of its value. */
  readonly pointer: string
  readonly label: string
  readonly kind: 'text' | 'number' | 'integer' | 'boolean' | 'choice' | 'json'
  readonly isRequired: boolean
  readonly hint: string | undefined
  readonly options: readonly JsonValue[]
  /** Whether the args hold it now; what is not there and stays empty stays away. */
  readonly isPresent: boolean
}

/** What stands in the fields, by pointer: texts, whatever the kind. */
export type FormDraft = Readonly<Record<string, string>>

/** What a form says. */
export interface FormReading {
  readonly args: JsonObject
  /** What is wrong, by pointer. */
  readonly problems: ReadonlyMap<string, string>
}

/** The fields of an object: those of the schema first, then what else it holds. */
export function fieldsOf(schema: JsonObject | null, args: JsonObject, at = ''): readonly FormField[] {
  const properties = objectOf(schema?.properties) ?? {}
  const required = new Set(Array.isArray(schema?.required) ? schema.required : [])
  const names = [...new Set([...Object.keys(properties), ...Object.keys(args)])]
  return names.flatMap((name) => {
    const part = objectOf(properties[name]) ?? null
    const value = args[name]
    const pointer = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const inner = objectOf(value)
    const isGroup = inner !== undefined && (part === null || objectOf(part.properties) !== undefined)
    if (isGroup && Object.keys(inner).length > 0) return fieldsOf(part, inner, pointer)
    return [fieldOf({ pointer, schema: part, value, isRequired: required.has(name) })]
  })
}

interface FieldInput {
  readonly pointer: string
  readonly schema: JsonObject | null
  readonly value: JsonValue | undefined
  readonly isRequired: boolean
}

function fieldOf({ pointer, schema, value, isRequired }: FieldInput): FormField {
  const { description, title } = schema ?? {}
  const options = Array.isArray(schema?.enum) ? schema.enum : []
  return {
    pointer,
    label:
      typeof title === 'string'
        ? title
        : pointer.slice(1).replaceAll('~1', '/').replaceAll('~0', '~').replaceAll('/', ' › '),
    kind: options.length > 0 ? 'choice' : kindOf(schema, value),
    isRequired,
    hint: typeof description === 'string' ? description : undefined,
    options,
    isPresent: value !== undefined,
  }
}

/** The kind follows from the schema; where it says nothing, from the present value. */
function kindOf(schema: JsonObject | null, value: JsonValue | undefined): FormField['kind'] {
  const stated = schema?.type
  const type =
    typeof stated === 'string' ? stated : stated === undefined && schemaIsPlain(schema) ? typeof value : 'any'
  const fits = value === undefined || type === typeof value || (type === 'integer' && typeof value === 'number')
  if (!fits) return 'json'
  if (type === 'string') return 'text'
  if (type === 'number' || type === 'integer' || type === 'boolean') return type
  return 'json'
}

const schemaIsPlain = (schema: JsonObject | null): boolean =>
  schema === null || !['anyOf', 'oneOf', 'allOf', '$ref', 'const'].some((key) => Object.hasOwn(schema, key))

/** The texts with which the fields begin. */
export function draftOf(fields: readonly FormField[], args: JsonObject): FormDraft {
  return Object.fromEntries(fields.map((field) => [field.pointer, textFor(field, valueAt(args, field.pointer))]))
}

function textFor({ kind }: FormField, value: JsonValue | undefined): string {
  if (value === undefined) return ''
  if (kind === 'text') return String(value)
  return JSON.stringify(value, null, kind === 'json' ? 2 : 0)
}

/** Reads the form: each value has the type of its field, and nothing becomes a text by being edited. */
export function readForm(fields: readonly FormField[], draft: FormDraft, args: JsonObject): FormReading {
  const problems = new Map<string, string>()
  let result = structuredClone(args)
  for (const field of fields) {
    const text = draft[field.pointer] ?? ''
    const read = readField(field, text)
    if ('problem' in read) problems.set(field.pointer, read.problem)
    else result = withValue(result, field.pointer.split('/').slice(1).map(unescapePart), read.value)
  }
  return { args: result, problems }
}

type FieldReading = { readonly value: JsonValue | undefined } | { readonly problem: string }

function readField({ kind, isRequired, isPresent }: FormField, text: string): FieldReading {
  if (kind === 'text') return text === '' && !isPresent && !isRequired ? { value: undefined } : { value: text }
  if (text.trim() === '') return isRequired ? { problem: textOf(EDIT)('isRequired') } : { value: undefined }
  if (kind === 'number' || kind === 'integer') return readNumber(text.trim(), kind)
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { problem: textOf(EDIT)('notJson') }
  }
}

function readNumber(text: string, kind: 'number' | 'integer'): FieldReading {
  const number = Number(text)
  if (!/^[+-]?(?:\d|\.\d)/.test(text) || !Number.isFinite(number)) return { problem: textOf(EDIT)('notANumber') }
  if (kind === 'integer' && !Number.isSafeInteger(number)) return { problem: textOf(EDIT)('notWhole') }
  return { value: number }
}

function withValue(target: JsonObject, path: readonly string[], value: JsonValue | undefined): JsonObject {
  const [name = '', ...rest] = path
  const inner = rest.length === 0 ? value : withValue(objectOf(target[name]) ?? {}, rest, value)
  const { [name]: _, ...others } = target
  if (inner === undefined) return others
  // The order of the args stays as it was.
  return Object.hasOwn(target, name) ? { ...target, [name]: inner } : { ...others, [name]: inner }
}

function valueAt(args: JsonObject, pointer: string): JsonValue | undefined {
  let value: JsonValue | undefined = args
  for (const part of pointer.split('/').slice(1)) value = objectOf(value)?.[unescapePart(part)]
  return value
}

const unescapePart = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~')

function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
}
