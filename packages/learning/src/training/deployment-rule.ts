import type { PairedResult } from '../client/training.ts'

/** Points of improvement above which a version is deployed. */
const LEAST_IMPROVEMENT = 15
/** Cases without a score for each that has one. */
const MOST_UNSCORED = 0.2
/** The most likely that such a result may be by chance. */
const MOST_CHANCE = 0.05

/** Whether the test of a version lets it be deployed, and why or why not. */
export function mayDeploy(test: PairedResult | null): { readonly may: boolean; readonly reason: string } {
  if (test === null)
    return { may: false, reason: 'It was not tested: there is no model that answers, or none that rates.' }
  if (test.state === 'too_few') {
    return { may: false, reason: `It was tested with ${test.cases} cases, and ${test.needed} are needed.` }
  }
  const { improvement, p, interval, cases, unscored } = test
  // What could not be scored is not missing by chance: it may be where the version answers nothing.
  if (unscored > MOST_UNSCORED * cases) {
    return { may: false, reason: `${unscored} cases have no score, beside ${cases} that have one.` }
  }
  const found = `${signed(improvement)} points in ${cases} cases, p ${p.toPrecision(2)}, 95 % from ${signed(interval[0])} to ${signed(interval[1])}`
  if (improvement <= LEAST_IMPROVEMENT)
    return { may: false, reason: `${found}: not above ${LEAST_IMPROVEMENT} points.` }
  if (p > MOST_CHANCE) return { may: false, reason: `${found}: it may be by chance.` }
  if (interval[0] <= 0) return { may: false, reason: `${found}: it may be no improvement.` }
  return { may: true, reason: `${found}.` }
}

function signed(points: number): string {
  return `${points < 0 ? '' : '+'}${Math.round(points * 10) / 10}`
}
