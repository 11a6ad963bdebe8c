import type { JsonValue } from '@preceptor/client'

const MOST_SORTED_IN_PLACE = 32
const NEEDS_CARE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/

/**
 * Writes JSON as RFC 8785 does, for journal rows. Rows are written in groups, after the gate has answered, so nothing
 * that an agent sent may stop the writing: what the RFC refuses (a lone surrogate, a number that is none) is written as
 * `JSON.stringify` writes it.
 */
export function canonicalText(value: JsonValue): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (value === null || value === undefined) return 'null'
  return isArray(value) ? arrayText(value) : objectText(value)
}

/** Writes a string of JSON. */
export function quoted(value: string): string {
  return NEEDS_CARE.test(value) ? JSON.stringify(value) : `"${value}"`
}

function arrayText(value: readonly JsonValue[]): string {
  let text = ''
  for (const [index, item] of value.entries()) text += index === 0 ? canonicalText(item) : `,${canonicalText(item)}`
  return `[${text}]`
}

function objectText(value: { readonly [key: string]: JsonValue }): string {
  let text = ''
  for (const key of sorted(Object.keys(value))) {
    const member = value[key]
    if (member === undefined) continue
    text += `${text === '' ? '' : ','}${quoted(key)}:${canonicalText(member)}`
  }
  return `{${text}}`
}

/** Sorts by UTF-16 code units, as the RFC asks; a few keys, mostly in order, are quicker sorted by hand. */
function sorted(keys: string[]): string[] {
  if (keys.length > MOST_SORTED_IN_PLACE) return keys.sort()
  for (let end = 1; end < keys.length; end += 1) {
    const key = keys[end] ?? ''
    let place = end
    for (let before = keys[place - 1]; before !== undefined && before > key; before = keys[place - 1]) {
      keys[place] = before
      place -= 1
    }
    keys[place] = key
  }
  return keys
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
