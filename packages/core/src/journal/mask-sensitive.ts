import type { JsonObject, JsonValue } from '@preceptor/client'
import type { SensitivePath } from './redact-schema.ts'
import { REDACTED } from './redact-text.ts'

/** What stands in the place of a value that the schema hides. */
export type Mask = (value: JsonValue) => JsonValue

const hidden: Mask = () => REDACTED

/**
 * A copy of args in which what the schema hides is masked, and everything else is exactly as it is: people decide on
 * the args, so nothing is guessed to be a secret here.
 */
export function maskArgs(args: JsonObject, paths: readonly SensitivePath[], mask: Mask = hidden): JsonObject {
  return paths.length === 0 ? args : maskObject(args, topLevel(paths), mask)
}

/** Whether a mask stands in args where a value that the schema hides should be. */
export function holdsMask(args: JsonObject, paths: readonly SensitivePath[]): boolean {
  let found = false
  maskArgs(args, paths, (value) => {
    found ||= value === REDACTED
    return value
  })
  return found
}

/** Places in args: where all of them are sensitive, each one is, so that args stay an object. */
export function topLevel(paths: readonly SensitivePath[]): readonly SensitivePath[] {
  return isHere(paths) ? [['*']] : paths
}

/** Whether the value at which the paths stand is itself sensitive. */
export function isHere(paths: readonly SensitivePath[]): boolean {
  return paths.some((path) => path.length === 0)
}

/** The paths as seen from the value under a key. */
export function under(paths: readonly SensitivePath[], key: string): readonly SensitivePath[] {
  if (paths.length === 0) return paths
  return paths.filter(([step]) => step === '*' || step === key).map((path) => path.slice(1))
}

function maskValue(value: JsonValue, paths: readonly SensitivePath[], mask: Mask): JsonValue {
  if (paths.length === 0) return value
  if (isHere(paths)) return mask(value)
  if (isArray(value)) return value.map((item, index) => maskValue(item, under(paths, String(index)), mask))
  return typeof value === 'object' && value !== null ? maskObject(value, paths, mask) : value
}

/** Defines each key, so that `__proto__` is a key like any other. */
function maskObject(value: JsonObject, paths: readonly SensitivePath[], mask: Mask): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskValue(item, under(paths, key), mask)]))
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
