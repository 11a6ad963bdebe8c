import type { JsonValue } from '@preceptor/client'

/** Reads an answer as somebody typed it: JSON, or else the text itself; undefined for nothing. */
export function readAnswerText(text: string): JsonValue | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  try {
    return JSON.parse(trimmed) as JsonValue
  } catch {
    return trimmed
  }
}
