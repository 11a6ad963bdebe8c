import { type ErrorCode, GovernanceError, type JsonObject, type JsonValue } from '@preceptor/client'
import { isPlainObject } from './plain-object.ts'

/** Bounds of what is taken. */
export interface JsonBounds {
  /** What the value is, for messages. */
  readonly name: string
  /** Levels of nesting; default 32. */
  readonly maxDepth?: number
  /** UTF-8 bytes of the compact JSON text; default 262,144. */
  readonly maxBytes?: number
}

/** The bytes that are left, and where the walk stands. */
interface Walk {
  left: number
  readonly name: string
  readonly maxDepth: number
  readonly maxBytes: number
  readonly path: (string | number)[]
}

type Mutable = Record<string, JsonValue>

const DEFAULT_DEPTH = 32
const DEFAULT_BYTES = 262_144
const NEEDS_CARE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/
const LONE_SURROGATE = /\p{Surrogate}/u
const SHOWN_KEY = 60

/**
 * Takes a JSON object from outside as a frozen deep copy, so that nothing its maker does later changes what was decided.
 *
 * @throws GovernanceError `INPUT_INVALID` for what JSON or the database cannot carry and for keys that reach
 * prototypes, `BODY_TOO_DEEP`, `BODY_TOO_LARGE`.
 */
export function assertJsonObject(value: unknown, bounds: JsonBounds): JsonObject {
  const { name, maxDepth = DEFAULT_DEPTH, maxBytes = DEFAULT_BYTES } = bounds
  const walk: Walk = { left: maxBytes, name, maxDepth, maxBytes, path: [] }
  try {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refusal(walk, 'is not a JSON object')
    return copyObject(value, walk, 1)
  } catch (error) {
    // What is not ours was thrown by a trap of a proxy.
    throw GovernanceError.isInstance(error) ? error : refusal(walk, 'cannot be read')
  }
}

function copy(value: unknown, walk: Walk, depth: number): JsonValue {
  switch (typeof value) {
    case 'string':
      spendString(value, walk)
      return value
    case 'number':
      if (!Number.isFinite(value)) throw refusal(walk, `is ${value}, which JSON does not have`)
      // Minus zero and zero are one number in JSON, so the copy holds the one that is hashed.
      spend(String(value).length, walk)
      return value === 0 ? 0 : value
    case 'boolean':
      spend(value ? 4 : 5, walk)
      return value
    case 'object':
      if (value === null) {
        spend(4, walk)
        return null
      }
      return Array.isArray(value) ? copyArray(value, walk, depth + 1) : copyObject(value, walk, depth + 1)
    default:
      throw refusal(walk, `is ${typeof value}, which JSON does not have`)
  }
}

function copyArray(value: readonly unknown[], walk: Walk, depth: number): JsonValue {
  if (depth > walk.maxDepth) throw refusal(walk, `is nested deeper than ${walk.maxDepth} levels`, 'BODY_TOO_DEEP')
  const { length } = value
  // Before the items: a sparse array may claim more of them than memory holds.
  spend(2 + Math.max(0, length - 1), walk)
  const copied: JsonValue[] = []
  for (let index = 0; index < length; index += 1) {
    walk.path.push(index)
    copied.push(copy(value[index], walk, depth))
    walk.path.pop()
  }
  return Object.freeze(copied)
}

function copyObject(value: object, walk: Walk, depth: number): JsonObject {
  if (depth > walk.maxDepth) throw refusal(walk, `is nested deeper than ${walk.maxDepth} levels`, 'BODY_TOO_DEEP')
  if (!isPlainObject(value)) throw refusal(walk, 'is an instance of a class')
  const keys = Object.keys(value)
  spend(2 + keys.length + Math.max(0, keys.length - 1), walk)
  const copied: Mutable = {}
  for (const key of keys) {
    walk.path.push(key)
    if (key === '__proto__' || key === 'constructor' || key === 'prototype')
      throw refusal(walk, 'is a name that is not allowed')
    spendString(key, walk)
    define(copied, key, copy(dataOf(value, key, walk), walk, depth))
    walk.path.pop()
  }
  return Object.freeze(copied)
}

/** Own data only: an accessor could answer differently when it is read again. */
function dataOf(value: object, key: string, walk: Walk): unknown {
  const property = Object.getOwnPropertyDescriptor(value, key)
  if (property === undefined || property.get !== undefined || property.set !== undefined)
    throw refusal(walk, 'is an accessor')
  return property.value
}

/** A name that every object inherits is defined, because assigning it may fail or call a setter. */
function define(target: Mutable, key: string, value: JsonValue): void {
  if (key in target) {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  } else target[key] = value
}

function spendString(value: string, walk: Walk): void {
  // A character takes at least one byte: the long ones are refused before they are looked at.
  if (value.length + 2 > walk.left || !NEEDS_CARE.test(value)) {
    spend(value.length + 2, walk)
    return
  }
  if (value.includes('\0')) throw refusal(walk, 'holds the character U+0000, which the database cannot store')
  if (LONE_SURROGATE.test(value)) throw refusal(walk, 'holds half of a character (a lone surrogate)')
  spend(Buffer.byteLength(JSON.stringify(value)), walk)
}

function spend(bytes: number, walk: Walk): void {
  walk.left -= bytes
  if (walk.left < 0) throw refusal(walk, `is larger than ${walk.maxBytes} bytes`, 'BODY_TOO_LARGE')
}

function refusal(walk: Walk, reason: string, code: ErrorCode = 'INPUT_INVALID'): GovernanceError {
  const isAboutWhole = code === 'BODY_TOO_LARGE' || walk.path.length === 0
  const place = isAboutWhole ? walk.name : `${walk.name}: ${walk.path.map(shown).join('.')}`
  return new GovernanceError(code, { message: `${place} ${reason}.` })
}

function shown(step: string | number): string {
  const text = String(step).replace(/[^\x20-\x7e]/g, '?')
  return text.length > SHOWN_KEY ? `${text.slice(0, SHOWN_KEY)}…` : text
}
