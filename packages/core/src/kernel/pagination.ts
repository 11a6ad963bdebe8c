import { GovernanceError, type Page } from '@preceptor/client'

/** A part of the place at which a page ended. */
export type CursorValue = string | number

/** A place in a list that is ordered by time. */
export interface TimePlace {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly id: string
}

const DEFAULT_LIMIT = 50
const HIGHEST_LIMIT = 100
const LONGEST_CURSOR = 1_024
const MOST_VALUES = 8
// Postgres cannot compare with a text that holds NUL, nor with half of a character.
const UNSTORABLE = /\0|\p{Surrogate}/u
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z$/

/** Writes the place at which a page ended as an opaque text. */
export function encodeCursor(values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(values), 'utf8').toString('base64url')
}

/** @throws GovernanceError `INPUT_INVALID` when the cursor was not made by `encodeCursor`. */
export function decodeCursor(cursor: string): readonly CursorValue[] {
  if (typeof cursor !== 'string' || cursor.length > LONGEST_CURSOR || !/^[\w-]+$/.test(cursor)) throw invalidCursor()
  const values = parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  if (!Array.isArray(values) || values.length === 0 || values.length > MOST_VALUES) throw invalidCursor()
  return values.map(cursorValue)
}

/**
 * The number of items that a page may hold; 50 when nothing is asked for. Texts come from query strings.
 *
 * @throws GovernanceError `INPUT_INVALID` for anything but a whole number from 1 to 100.
 */
export function parseLimit(value: unknown): number {
  if (value === undefined) return DEFAULT_LIMIT
  const limit = typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : value
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= HIGHEST_LIMIT) return limit
  throw new GovernanceError('INPUT_INVALID', { message: `limit: a whole number from 1 to ${HIGHEST_LIMIT} is needed.` })
}

/**
 * The place in a list that is ordered by one text; empty, which stands before all of them, without a cursor.
 *
 * @throws GovernanceError `INPUT_INVALID`
 */
export function cursorText(cursor: string | undefined): string {
  if (cursor === undefined) return ''
  const [text, ...rest] = decodeCursor(cursor)
  if (typeof text !== 'string' || rest.length > 0) throw invalidCursor()
  return text
}

/**
 * The place in a list that is ordered by two texts; empty, which stands before all of them, without a cursor.
 *
 * @throws GovernanceError `INPUT_INVALID`
 */
export function cursorTexts(cursor: string | undefined): readonly [string, string] {
  if (cursor === undefined) return ['', '']
  const [first, second, ...rest] = decodeCursor(cursor)
  if (typeof first !== 'string' || typeof second !== 'string' || rest.length > 0) throw invalidCursor()
  return [first, second]
}

/**
 * The place in a list that is ordered by one whole number; undefined without a cursor.
 *
 * @throws GovernanceError `INPUT_INVALID`
 */
export function cursorNumber(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  const [value, ...rest] = decodeCursor(cursor)
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || rest.length > 0) throw invalidCursor()
  return value
}

/**
 * The place in a list that is ordered by time and id; null without a cursor.
 *
 * @throws GovernanceError `INPUT_INVALID`
 */
export function cursorTimePlace(cursor: string | undefined): TimePlace | null {
  if (cursor === undefined) return null
  const [at, id, ...rest] = decodeCursor(cursor)
  if (typeof at !== 'string' || typeof id !== 'string' || rest.length > 0 || !isTime(at)) throw invalidCursor()
  return { at, id }
}

/** Makes a page from one row more than its limit; `placeOf` gives the place of its last row. */
export function pageOf<T>(rows: readonly T[], limit: number, placeOf: (row: T) => readonly CursorValue[]): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? encodeCursor(placeOf(last)) : null }
}

function isTime(text: string): boolean {
  return ISO_TIME.test(text) && !Number.isNaN(Date.parse(text))
}

function cursorValue(value: unknown): CursorValue {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'string' && !UNSTORABLE.test(value)) return value
  throw invalidCursor()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalidCursor(cause)
  }
}

function invalidCursor(cause?: unknown): GovernanceError {
  return new GovernanceError('INPUT_INVALID', {
    message: 'cursor: not a cursor of this list.',
    hint: 'Hand back `next` of the page before, unchanged.',
    ...(cause === undefined ? {} : { cause }),
  })
}
