import type { JsonValue } from '@preceptor/client'

/** What a text of JSON says, or why it says nothing. */
export type ReadJson =
  | { readonly value: JsonValue; readonly problem: undefined }
  | { readonly value: undefined; readonly problem: string }

/** Reads a text of JSON; the problem is what the browser says of it. */
export function readJson(text: string): ReadJson {
  try {
    // What JSON.parse gives is JSON.
    return { value: JSON.parse(text) as JsonValue, problem: undefined }
  } catch (error) {
    return { value: undefined, problem: error instanceof Error ? error.message : String(error) }
  }
}
