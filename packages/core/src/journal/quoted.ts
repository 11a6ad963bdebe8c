const NEEDS_CARE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/
const NEEDS_MORE = /[^\x20-\x5b\x5d-\x7e]/

/** Writes a string of JSON. */
export function quoted(value: string): string {
  if (!NEEDS_CARE.test(value)) return `"${value}"`
  // Reasons name things in quotation marks, and most need nothing else.
  return NEEDS_MORE.test(value) ? JSON.stringify(value) : `"${value.replace(/"/g, '\\"')}"`
}
