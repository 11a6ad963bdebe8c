import type { JsonObject, JsonValue } from '@preceptor/client'

/** One number of an export. */
export interface Measure {
  /** What is measured: `decisions.buckets.outcomes.approved`. */
  readonly measure: string
  /** Begin of the bucket; empty for what is not over time. */
  readonly at: string
  /** Whose it is, such as a reviewer or a route; empty where there is one. */
  readonly of: string
  readonly value: number | boolean
}

/** Every number of what was read, each in a row of its own. */
export function measuresOf(name: string, value: JsonValue): readonly Measure[] {
  return collect(value, { measure: name, at: '', of: '' })
}

function collect(value: JsonValue, place: Omit<Measure, 'value'>): readonly Measure[] {
  if (typeof value === 'number' || typeof value === 'boolean') return [{ ...place, value }]
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item: JsonValue) => collect(item, place))
  const entries = Object.entries(value as JsonObject)
  const texts = entries.filter(([key, part]) => typeof part === 'string' && key !== 'at')
  const at = typeof (value as JsonObject).at === 'string' ? String((value as JsonObject).at) : place.at
  const of = [place.of, ...texts.map(([, part]) => String(part))].filter((part) => part !== '').join(' ')
  return entries.flatMap(([key, part]) => collect(part, { measure: `${place.measure}.${key}`, at, of }))
}

/** The rows as CSV (RFC 4180). A cell that a spreadsheet would run is kept from it. */
export function csvOf(rows: readonly Measure[]): string {
  const lines = rows.map(({ measure, at, of, value }) => [measure, at, of, String(value)].map(cell).join(','))
  return ['measure,at,of,value', ...lines, ''].join('\r\n')
}

const IS_NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !IS_NUMBER.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
