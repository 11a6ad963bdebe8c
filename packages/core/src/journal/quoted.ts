const NEEDS_CARE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/

/** Writes a string of JSON. */
export function quoted(value: string): string {
  return NEEDS_CARE.test(value) ? JSON.stringify(value) : `"${value}"`
}
