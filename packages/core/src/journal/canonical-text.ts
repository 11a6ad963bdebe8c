import type { JsonValue } from '@preceptor/client'
import { layoutOf } from './object-layout.ts'
import { quoted } from './quoted.ts'

/**
 * Writes JSON as RFC 8785 does, for journal rows. Rows are written in groups, after the gate has answered, so nothing
 * that an agent sent may stop the writing: what the RFC refuses (a lone surrogate, a number that is none) is written as
 * `JSON.stringify` writes it.
 */
export function canonicalText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (value === null || value === undefined) return 'null'
  return isArray(value) ? arrayText(value) : objectText(value)
}

function arrayText(value: readonly JsonValue[]): string {
  let text = ''
  for (let place = 0; place < value.length; place += 1) {
    text += place === 0 ? canonicalText(value[place]) : `,${canonicalText(value[place])}`
  }
  return `[${text}]`
}

function objectText(value: { readonly [key: string]: JsonValue }): string {
  const { order, names } = layoutOf(Object.keys(value))
  let text = '{'
  for (let place = 0; place < order.length; place += 1) {
    const member = value[order[place] ?? '']
    if (member === undefined) return objectText(withoutMissing(value))
    text += names[place] + canonicalText(member)
  }
  return `${text}}`
}

/** Members that are there without a value are not written, nor the comma before them. */
function withoutMissing(value: { readonly [key: string]: JsonValue }): { readonly [key: string]: JsonValue } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined))
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
