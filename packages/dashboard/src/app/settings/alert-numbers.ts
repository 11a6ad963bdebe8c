import type { AlertThreshold } from '@preceptor/client'

type Bounds = Pick<AlertThreshold, 'min' | 'max'>

/** The whole number that a text says, within its bounds; undefined when it says none. */
export function wholeWithin({ min, max }: Bounds, text: string): number | undefined {
  const value = /^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : Number.NaN
  return value >= min && value <= max ? value : undefined
}

/** The numbers of a rule as somebody typed them; undefined while one of them is none. */
export function numbersOf(
  thresholds: readonly (Bounds & Pick<AlertThreshold, 'name'>)[],
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, number>> | undefined {
  const numbers: Record<string, number> = {}
  for (const threshold of thresholds) {
    const value = wholeWithin(threshold, texts[threshold.name] ?? '')
    if (value === undefined) return undefined
    numbers[threshold.name] = value
  }
  return numbers
}
