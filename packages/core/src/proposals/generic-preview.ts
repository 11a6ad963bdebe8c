import type { JsonObject, JsonValue, PreviewBlock, PreviewItem } from '@preceptor/client'
import { redactText } from '../journal/redact-text.ts'

const LONGEST = 200
const LONGEST_LABEL = 200
const LONG_TEXT = 500
// Control characters, halves of characters, and what turns the direction of what follows.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu

/** Shows args as they are: short ones as a list, each of the others whole. */
export function genericPreview(args: JsonObject): readonly PreviewBlock[] {
  const items: PreviewItem[] = []
  const others: PreviewBlock[] = []
  for (const [label, value] of Object.entries(args)) {
    if (isShort(label, value)) items.push({ label, value })
    else others.push({ kind: 'code', code: JSON.stringify({ [label]: value }, null, 2), language: 'json' })
  }
  return [...(items.length === 0 ? [] : [{ kind: 'kv', items } as const]), ...others]
}

function isShort(label: string, value: JsonValue): value is PreviewItem['value'] {
  if (label === '' || label.length > LONGEST_LABEL || typeof value === 'object') return label !== '' && value === null
  return typeof value !== 'string' || value.length <= LONG_TEXT
}

/** One line on an attempt: what is asked for, never what will come of it. */
export function genericSummary(action: string, args: JsonObject): string {
  const entries = Object.entries(args)
  const start = `Asks for ${action}`
  let line = entries.length === 0 ? `${start} without arguments` : start
  for (const [index, [name, value]] of entries.entries()) {
    const part = redactText(`${index === 0 ? ' with' : ','} ${name} ${JSON.stringify(value)}`)
    const left = entries.length - index
    const rest = `${index === 0 ? ' with' : ' and'} ${left} ${index === 0 ? '' : 'more '}argument${left === 1 ? '' : 's'}`
    // There must be room for saying how many are left out.
    if (line.length + part.length > LONGEST - 40) return `${oneLine(line)}${rest}.`
    line += part
  }
  return `${oneLine(line)}.`
}

/** A text without anything that breaks, hides or turns a line. */
export function oneLine(text: string): string {
  return text.replace(UNSEEN, ' ').trim()
}
