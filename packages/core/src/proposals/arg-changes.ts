import type { ArgChange, JsonObject, JsonValue } from '@preceptor/client'
import { own } from '../kernel/own-property.ts'

/**
 * What must be done to `before`, in this order, to make `after` of it. Items of an array are compared by their place; a
 * number and the text of it are two values, 1 and 1.0 are one.
 */
export function argChanges(before: JsonObject, after: JsonObject): readonly ArgChange[] {
  const changes: ArgChange[] = []
  compareObjects(before, after, '', changes)
  return changes
}

function compare(before: JsonValue, after: JsonValue, pointer: string, changes: ArgChange[]): void {
  if (isArray(before) && isArray(after)) compareArrays(before, after, pointer, changes)
  else if (isObject(before) && isObject(after)) compareObjects(before, after, pointer, changes)
  else if (before !== after) changes.push({ pointer, kind: 'changed', before, after })
}

function compareArrays(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  pointer: string,
  changes: ArgChange[],
): void {
  // From the end, so that what is left keeps its place.
  for (let index = before.length - 1; index >= after.length; index -= 1) {
    changes.push({ pointer: `${pointer}/${index}`, kind: 'removed', before: before[index] ?? null })
  }
  for (const [index, item] of after.entries()) {
    const place = `${pointer}/${index}`
    const was = before[index]
    if (was === undefined) changes.push({ pointer: place, kind: 'added', after: item })
    else compare(was, item, place, changes)
  }
}

function compareObjects(before: JsonObject, after: JsonObject, pointer: string, changes: ArgChange[]): void {
  for (const [key, was] of Object.entries(before)) {
    const place = `${pointer}/${escaped(key)}`
    const is = own(after, key)
    if (is === undefined) changes.push({ pointer: place, kind: 'removed', before: was })
    else compare(was, is, place, changes)
  }
  for (const [key, is] of Object.entries(after)) {
    if (Object.hasOwn(before, key)) continue
    changes.push({ pointer: `${pointer}/${escaped(key)}`, kind: 'added', after: is })
  }
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isArray(value)
}
