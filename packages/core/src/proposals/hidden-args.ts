import { type ArgChange, GovernanceError, type JsonObject, type JsonValue } from '@preceptor/client'
import { isHere, maskArgs, topLevel, under } from '../journal/mask-sensitive.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'
import { REDACTED } from '../journal/redact-text.ts'
import { canonicalJson, hashCanonical } from '../kernel/canonical-json.ts'
import { own } from '../kernel/own-property.ts'
import { argChanges } from './arg-changes.ts'

/** Args with the places that their schema hides. */
export interface StoredArgs {
  readonly args: JsonObject
  readonly sensitive: readonly SensitivePath[]
}

/** The places that one of two versions hides. */
export function joinPaths(first: readonly SensitivePath[], second: readonly SensitivePath[]): readonly SensitivePath[] {
  const paths = new Map([...first, ...second].map((path) => [JSON.stringify(path), path]))
  return [...paths.values()]
}

/** The differences between two sets of args: of what either of them hides it is told that it differs, and no more. */
export function visibleChanges(before: StoredArgs, after: StoredArgs): readonly ArgChange[] {
  const paths = joinPaths(before.sensitive, after.sensitive)
  const stand = (args: JsonObject): JsonObject => maskArgs(args, paths, standIn)
  return argChanges(stand(before.args), stand(after.args)).map(({ before: was, after: is, ...change }) => ({
    ...change,
    ...(was === undefined ? {} : { before: masked(was) }),
    ...(is === undefined ? {} : { after: masked(is) }),
  }))
}

// Args cannot hold this character, so that nothing in them is taken for a stand-in.
const STAND_IN = '\0'

/** Equal for equal values, and one value for the differ, whatever is inside. */
function standIn(value: JsonValue): JsonValue {
  return STAND_IN + hashCanonical(value)
}

function masked(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.startsWith(STAND_IN) ? REDACTED : value
  if (isArray(value)) return value.map(masked)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item)]))
}

/** JSON Pointers of what is masked in args. */
export function maskedPointers({ args, sensitive }: StoredArgs): readonly string[] {
  const shown = maskArgs(args, sensitive, () => STAND_IN)
  const none = maskArgs(args, sensitive, () => STAND_IN + STAND_IN)
  return argChanges(none, shown).map(({ pointer }) => pointer)
}

/**
 * The args that a reviewer means who was shown masked ones: a mask that was sent back as it was shown stands for the
 * value under it. In a list it does so only as long as the list is unchanged, because a place in it may be another's by
 * now.
 *
 * @throws GovernanceError `ARGS_INVALID` for a mask that stands for nothing: it is never a value.
 */
export function keepMasked(sent: JsonObject, stored: StoredArgs): JsonObject {
  const kept = keepInObject(sent, stored.args, topLevel(stored.sensitive))
  assertNoMask(kept, stored.args, 'args')
  return kept
}

function keep(sent: JsonValue, stored: JsonValue | undefined, paths: readonly SensitivePath[]): JsonValue {
  if (paths.length === 0 || stored === undefined) return sent
  if (isHere(paths)) return sent === REDACTED ? stored : sent
  if (isArray(sent) && isArray(stored)) return isAsShown(sent, stored, paths) ? stored : sent
  return isObject(sent) && isObject(stored) ? keepInObject(sent, stored, paths) : sent
}

function keepInObject(sent: JsonObject, stored: JsonObject, paths: readonly SensitivePath[]): JsonObject {
  return Object.fromEntries(
    Object.entries(sent).map(([key, item]) => [key, keep(item, own(stored, key), under(paths, key))]),
  )
}

function isAsShown(sent: JsonValue, stored: JsonValue, paths: readonly SensitivePath[]): boolean {
  const shown = maskArgs(
    { stored },
    paths.map((path) => ['stored', ...path]),
  )
  return canonicalJson(sent) === canonicalJson(shown.stored ?? null)
}

function assertNoMask(value: JsonValue, stored: JsonValue | undefined, place: string): void {
  if (value === REDACTED && stored !== REDACTED) {
    throw new GovernanceError('ARGS_INVALID', {
      message: `${place.slice(0, 200)}: ${REDACTED} stands for a hidden value only where it was shown, in a list that is unchanged.`,
      hint: 'Send the value itself, or leave what was shown as it was.',
    })
  }
  if (isArray(value)) {
    for (const [index, item] of value.entries()) assertNoMask(item, itemOf(stored, index), `${place}.${index}`)
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      assertNoMask(item, isObject(stored) ? own(stored, key) : undefined, `${place}.${key}`)
    }
  }
}

function itemOf(value: JsonValue | undefined, index: number): JsonValue | undefined {
  return isArray(value) ? value[index] : undefined
}

function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isArray(value)
}
