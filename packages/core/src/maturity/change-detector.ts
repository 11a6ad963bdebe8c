import { GovernanceError } from '@preceptor/client'

/** What a change detector has seen, one number a rate of its grid; plain data, so that it can be stored. */
export type DetectorState = readonly number[]

/** At or above this the outcomes speak for a rate that fell: an alarm by chance takes 1,000 outcomes on average, at least. */
export const ALARM = 1_000

const GRID = 100
// Far above an alarm: what is kept must stay a finite number.
const MOST = 1e12

/** A detector that has seen nothing. */
export const FRESH_DETECTOR: DetectorState = Object.freeze(new Array<number>(GRID).fill(0))

/**
 * Takes one outcome in: `R_n(q) = (R_{n-1}(q) + 1) L_q(x_n)` for each rate q of a uniform grid in (0, p0), where `L_q` is
 * the likelihood ratio of the outcome under q against p0 (Shiryaev 1963, Roberts 1966; as an e-detector: Shin, Ramdas,
 * Rinaldo 2022).
 *
 * @throws GovernanceError `FACT_INVALID` for a state or a rate that is none.
 */
export function detect(
  state: DetectorState,
  { succeeded, p0 }: { readonly succeeded: boolean; readonly p0: number },
): DetectorState {
  assertState(state)
  if (!(p0 > 0 && p0 < 1)) {
    throw new GovernanceError('FACT_INVALID', { message: `A success rate is between 0 and 1, not ${p0}.` })
  }
  return state.map((seen, index) => {
    const rate = ((index + 0.5) / GRID) * p0
    const ratio = succeeded ? rate / p0 : (1 - rate) / (1 - p0)
    return Math.min(MOST, (seen + 1) * ratio)
  })
}

/** How strongly the outcomes speak for a rate below p0: the mean over the grid. */
export function detectorLevel(state: DetectorState): number {
  assertState(state)
  return state.reduce((sum, seen) => sum + seen, 0) / GRID
}

function assertState(state: DetectorState): void {
  if (state.length === GRID && state.every((seen) => Number.isFinite(seen) && seen >= 0)) return
  throw new GovernanceError('FACT_INVALID', { message: 'The state of a change detector is 100 numbers of 0 or more.' })
}
