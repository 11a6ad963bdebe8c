import type { ArgChange, JsonObject, JsonValue } from '@preceptor/client'
import { textOf } from '../text/use-text.ts'
import { DATA } from './data-messages.ts'
import { isObject } from './is-object.ts'

/** What makes one JSON value of another, leaf by leaf; lists are compared place by place. */
export function argChanges(before: JsonValue, after: JsonValue, pointer = ''): readonly ArgChange[] {
  if (Object.is(before, after)) return []
  const [left, right] = [entriesOf(before), entriesOf(after)]
  if (left === undefined || right === undefined || Array.isArray(before) !== Array.isArray(after)) {
    return [{ pointer, kind: 'changed', before, after }]
  }
  const keys = [...new Set([...left.keys(), ...right.keys()])]
  return keys.flatMap((key) => {
    const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const [was, is] = [left.get(key), right.get(key)]
    if (was === undefined) return is === undefined ? [] : [{ pointer: at, kind: 'added' as const, after: is }]
    return is === undefined ? [{ pointer: at, kind: 'removed' as const, before: was }] : argChanges(was, is, at)
  })
}

function entriesOf(value: JsonValue): ReadonlyMap<string, JsonValue> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return new Map(Object.entries(value as JsonObject))
}

/** A JSON Pointer as people read it: `items › 0 › price`. */
export function readablePointer(pointer: string): string {
  const parts = pointer.split('/').slice(1)
  if (parts.length === 0) return textOf(DATA)('everything')
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')).join(' › ')
}

/** What args are after changes; a change of a place that is not there is left out. */
export function withChanges(args: JsonObject, changes: readonly ArgChange[]): JsonObject {
  return changes.reduce((value, change) => {
    const path = change.pointer
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    const next =
      path.length === 0 ? change.after : put(value, path, change.kind === 'removed' ? undefined : change.after)
    return isObject(next) ? next : value
  }, args)
}

function put(target: JsonValue, path: readonly string[], value: JsonValue | undefined): JsonValue {
  const [name = '', ...rest] = path
  if (Array.isArray(target)) {
    const index = Number(name)
    if (!Number.isInteger(index) || index < 0 || index > target.length) return target
    const inner = rest.length === 0 ? value : put(target[index] ?? {}, rest, value)
    return inner === undefined ? target.filter((_, at) => at !== index) : Object.assign([...target], { [index]: inner })
  }
  if (!isObject(target)) return target
  const inner = rest.length === 0 ? value : put(Object.hasOwn(target, name) ? (target[name] ?? null) : {}, rest, value)
  const { [name]: _, ...others } = target
  if (inner === undefined) return others
  // The order of the args stays as it was.
  return Object.hasOwn(target, name) ? { ...target, [name]: inner } : { ...others, [name]: inner }
}
