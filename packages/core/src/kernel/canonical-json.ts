import { hash } from 'node:crypto'
import { GovernanceError, type JsonValue } from '@preceptor/client'
import { isPlainObject } from './plain-object.ts'

const DEEPEST = 64
// Shared references may unfold to more text than memory holds, so the length is bounded as well as the depth.
const LONGEST = 8_388_608
const NEEDS_CARE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/
const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Writes a value as RFC 8785 (JCS) text: keys by UTF-16 code units, numbers as ECMAScript writes them, nothing between.
 *
 * @throws GovernanceError `INPUT_INVALID` for anything that JSON cannot carry exactly: undefined, NaN, infinities, lone
 * surrogates, instances of classes, cycles, more than 64 levels or 8 Mi characters.
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, 1)
}

/** SHA-256 of the UTF-8 bytes of a text, in lower-case hex. */
export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex')
}

/**
 * SHA-256 (hex) over the canonical JSON of a value: equal exactly when the values are equal as JSON.
 *
 * @throws GovernanceError `INPUT_INVALID`, as `canonicalJson`.
 */
export function hashCanonical(value: JsonValue): string {
  return sha256Hex(canonicalJson(value))
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return writeString(value)
    case 'number':
      if (Number.isFinite(value)) return String(value)
      throw invalid(`the number ${value}`)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      return value === null ? 'null' : writeContainer(value, depth)
    default:
      throw invalid(typeof value)
  }
}

function writeContainer(value: object, depth: number): string {
  if (depth > DEEPEST) throw invalid(`more than ${DEEPEST} levels, or a cycle`)
  const text = Array.isArray(value) ? writeArray(value, depth) : writeObject(value, depth)
  if (text.length > LONGEST) throw invalid(`more than ${LONGEST} characters`)
  return text
}

function writeArray(value: readonly unknown[], depth: number): string {
  let text = '['
  for (let index = 0; index < value.length; index += 1) {
    text += index === 0 ? write(value[index], depth + 1) : `,${write(value[index], depth + 1)}`
  }
  return `${text}]`
}

function writeObject(value: object, depth: number): string {
  if (!isPlainObject(value)) throw invalid('an instance of a class')
  let text = '{'
  for (const key of Object.keys(value).sort()) {
    text += `${text.length === 1 ? '' : ','}${writeString(key)}:${write(value[key], depth + 1)}`
  }
  return `${text}}`
}

function writeString(value: string): string {
  if (!NEEDS_CARE.test(value)) return `"${value}"`
  if (LONE_SURROGATE.test(value)) throw invalid('a lone surrogate')
  return JSON.stringify(value)
}

function invalid(what: string): GovernanceError {
  return new GovernanceError('INPUT_INVALID', {
    message: `The value holds ${what}, which canonical JSON cannot carry.`,
  })
}
