import type { JsonValue } from '@preceptor/client'

const FENCE = '```'
const LABEL = /^\s*json\s/i

/** Reads a text as JSON, also where words stand around a fence with it; any other text is the answer as it is. */
export function parseAnswer(text: string): JsonValue {
  const parsed = parseJson(text) ?? parseJson(insideFence(text))
  return parsed === undefined ? text : parsed.value
}

/** What is between the first fence and the last one: several fences are no JSON together. */
function insideFence(text: string): string {
  const [from, to] = [text.indexOf(FENCE), text.lastIndexOf(FENCE)]
  return from === to ? '' : text.slice(from + FENCE.length, to).replace(LABEL, '')
}

function parseJson(text: string): { readonly value: JsonValue } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}
