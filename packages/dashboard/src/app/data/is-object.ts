import type { JsonObject } from '@preceptor/client'

/** Whether a value that was read from JSON is an object: no list, and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
