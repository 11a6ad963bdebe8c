import { GovernanceError } from '@preceptor/client'

/**
 * Refuses values of which one is no finite number: nothing is computed from a score that is missing.
 *
 * @throws GovernanceError `INPUT_INVALID`, naming the first of them and its place.
 */
export function assertFinite(values: readonly number[], name: string): void {
  const index = values.findIndex((value) => !Number.isFinite(value))
  if (index === -1) return
  throw new GovernanceError('INPUT_INVALID', {
    message: `${name}[${index}]: a finite number is needed, not ${values[index]}.`,
  })
}

/**
 * Refuses a value outside of a closed range.
 *
 * @throws GovernanceError `INPUT_INVALID`, naming the value and the range.
 */
export function assertWithin(
  value: number,
  name: string,
  range: { readonly low: number; readonly high: number },
): void {
  if (value >= range.low && value <= range.high) return
  throw new GovernanceError('INPUT_INVALID', {
    message: `${name}: a number from ${range.low} to ${range.high} is needed, not ${value}.`,
  })
}

/**
 * Refuses a probability, a level or a rate of errors that is not strictly between 0 and 1.
 *
 * @throws GovernanceError `INPUT_INVALID`, naming the value.
 */
export function assertProbability(value: number, name: string): void {
  if (value > 0 && value < 1) return
  throw new GovernanceError('INPUT_INVALID', { message: `${name}: a number between 0 and 1 is needed, not ${value}.` })
}

/**
 * Refuses what is no whole number of at least `least`.
 *
 * @throws GovernanceError `INPUT_INVALID`, naming the value.
 */
export function assertCount(value: number, name: string, least = 0): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new GovernanceError('INPUT_INVALID', {
    message: `${name}: a whole number of at least ${least} is needed, not ${value}.`,
  })
}
