import { GovernanceError } from '../errors/governance-error.ts'
import type { JsonObject, JsonValue } from '../port/json.ts'

const MOST_LEVELS = 32
const RESERVED = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Takes a JSON object as a frozen deep copy, so that nothing its maker does later changes what is decided on. How large
 * it may be is for the gate to say.
 *
 * @throws GovernanceError `INPUT_INVALID` for what JSON cannot carry, `BODY_TOO_DEEP`.
 */
export function copyJsonObject(value: unknown, name: string): JsonObject {
  try {
    const copied = copy(value, name, 0)
    if (typeof copied === 'object' && copied !== null && !Array.isArray(copied)) return copied as JsonObject
  } catch (error) {
    // What is not ours was thrown by a trap of a proxy.
    throw GovernanceError.isInstance(error) ? error : refusal(name, 'cannot be read')
  }
  throw refusal(name, 'is not a JSON object')
}

function copy(value: unknown, name: string, depth: number): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? 0 : value
  if (typeof value !== 'object') throw refusal(name, `holds ${String(typeof value)}, which JSON does not have`)
  if (depth === MOST_LEVELS) {
    throw new GovernanceError('BODY_TOO_DEEP', { message: `${name} is nested deeper than ${MOST_LEVELS} levels.` })
  }
  if (Array.isArray(value)) return Object.freeze(Array.from(value, (item) => copy(item, name, depth + 1)))
  return copyObject(value, name, depth)
}

function copyObject(value: object, name: string, depth: number): JsonObject {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null) {
    throw refusal(name, 'holds an instance of a class')
  }
  const entries = Object.entries(Object.getOwnPropertyDescriptors(value)).filter(([, { enumerable }]) => enumerable)
  return Object.freeze(
    Object.fromEntries(
      entries.map(([key, property]) => {
        if (RESERVED.has(key)) throw refusal(name, 'holds a name that is not allowed')
        // An accessor could answer differently when it is read again.
        if (!('value' in property)) throw refusal(name, 'holds an accessor')
        return [key, copy(property.value, name, depth + 1)]
      }),
    ),
  )
}

function refusal(name: string, problem: string): GovernanceError {
  return new GovernanceError('INPUT_INVALID', { message: `${name} ${problem}.` })
}
