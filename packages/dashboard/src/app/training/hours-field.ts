/** What stands in a field for a number: nothing, a number in the range, or what is wrong with it. */
export type FieldNumber =
  | { readonly kind: 'empty' }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'problem' }

/** Reads a number above 0 and up to the most, with a point or a comma. */
export function readPositive(text: string, most: number): FieldNumber {
  const trimmed = text.trim()
  if (trimmed === '') return { kind: 'empty' }
  const value = /^\d{1,6}(?:[.,]\d{1,6})?$/.test(trimmed) ? Number(trimmed.replace(',', '.')) : Number.NaN
  return value > 0 && value <= most ? { kind: 'number', value } : { kind: 'problem' }
}

/** Reads a number from 0 to 1, with a point or a comma. */
export function readShare(text: string): FieldNumber {
  const trimmed = text.trim()
  if (trimmed === '') return { kind: 'empty' }
  const value = /^[01](?:[.,]\d{1,6})?$/.test(trimmed) ? Number(trimmed.replace(',', '.')) : Number.NaN
  return value >= 0 && value <= 1 ? { kind: 'number', value } : { kind: 'problem' }
}
