import type { JsonObject, JsonValue } from '@preceptor/client'
import { maskArgs } from './mask-sensitive.ts'
import type { SensitivePath } from './redact-schema.ts'
import { REDACTED, redactText } from './redact-text.ts'

/** Args with the places that their schema hides. */
export interface HiddenArgs {
  readonly args: JsonObject
  readonly sensitive: readonly SensitivePath[]
}

// Shorter values stand in any text by chance.
const SHORTEST = 3
const MOST_VALUES = 1_000

/** The values that a schema hides in args, as they may stand in a text. */
export function hiddenValues({ args, sensitive }: HiddenArgs): readonly string[] {
  if (sensitive.length === 0) return []
  const values = new Set<string>()
  maskArgs(args, sensitive, (value) => {
    collect(value, values)
    return value
  })
  const texts = [...values].flatMap((value) => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)])
  // The longest first: a value may hold another one.
  return [...new Set(texts)].sort((first, second) => second.length - first.length)
}

function collect(value: JsonValue, values: Set<string>): void {
  if (values.size >= MOST_VALUES || value === null || typeof value === 'boolean') return
  if (typeof value === 'object') {
    for (const inner of Object.values(value)) collect(inner, values)
  } else if (String(value).length >= SHORTEST) values.add(toWellFormed(String(value)))
}

/** Half a character pair cannot be encoded, and a text that is stored never holds one. */
function toWellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/**
 * A text that something wrote which had the args in hand, such as the message of an error: without the values that their
 * schema hides, and without what looks like a secret.
 */
export function hideValues(text: string, values: readonly string[]): string {
  return redactText(values.reduce((rest, value) => rest.replaceAll(value, REDACTED), text))
}
