import type { AnalyticsTarget } from '@preceptor/client'
import type { FindingRule } from '../alerts/check-alerts.ts'
import type { Cause, RuleMoment } from '../alerts/standing-rule.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Analysis } from './analysis.ts'
import { measureTargets } from './measure-targets.ts'
import { countTrainingSessions } from './training-count-store.ts'
import { trainingTargets } from './training-targets.ts'

const DAY_MS = 86_400_000

/** The rule of targets of training that were missed over a window. */
export const MISSED_TARGETS: FindingRule = { code: 'TRAINING_BEHIND', find: findMissed }

async function findMissed(tx: Tx, { now, thresholds }: RuleMoment): Promise<readonly Cause[]> {
  const { days = 0, cases = 0 } = thresholds
  const range = { from: isoTime(now - days * DAY_MS), to: isoTime(now), bucket: 'day' } as const
  const analysis: Analysis = { range, agent: null, only: null, capability: null }
  const ended = await countTrainingSessions(tx, analysis)
  return missedTargets(trainingTargets(await measureTargets(tx, analysis, ended)), cases).map(
    ({ name, comparison, target, actual, of }) => ({
      subject: name,
      agent: null,
      facts: { name, comparison, target, actual, of, days },
    }),
  )
}

/** The targets that were missed in at least so many cases: of fewer, one more or less would say otherwise. */
export function missedTargets(targets: readonly AnalyticsTarget[], cases: number): readonly AnalyticsTarget[] {
  return targets.filter(({ isMet, of }) => isMet === false && of >= cases)
}
