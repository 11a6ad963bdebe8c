import { assertWithin } from '../statistics/assert-numbers.ts'

const POSSIBLE = { low: -100, high: 100 }

/**
 * Refuses improvements that no two scores from 0 to 100 have between them.
 *
 * @throws GovernanceError `INPUT_INVALID`, naming the first of them and its place.
 */
export function assertImprovements(improvements: readonly number[]): void {
  improvements.forEach((improvement, index) => {
    assertWithin(improvement, `improvements[${index}]`, POSSIBLE)
  })
}
