import type { Tx } from '../database/transaction.ts'
import type { Analysis } from './analysis.ts'
import { countDecisions } from './decision-count-store.ts'
import { shareOf, sumOf } from './share.ts'
import { countInternsInTime, measureStays } from './stay-store.ts'
import { countCourses, type SessionCount } from './training-count-store.ts'
import { INTERN_DAYS, type TargetActuals } from './training-targets.ts'

/** Basis points in a whole. */
export const BASIS_POINTS = 10_000

/** Measures what the targets of training are held against; `ended` are the sessions that ended in the range. */
export async function measureTargets(
  tx: Tx,
  analysis: Analysis,
  ended: readonly SessionCount[],
): Promise<TargetActuals> {
  const decisions = await countDecisions(tx, analysis)
  // What a person sets off is not up to the student.
  const triggers = sumOf(decisions.filter(({ isStudent, source }) => isStudent && source !== 'manual'))
  const courses = await countCourses(tx, analysis)
  const completed = ended.filter(({ state }) => state === 'completed')
  const count = sumOf(completed)
  const gain = shareOf(gainedBy(completed), count)
  const { students, inTime } = await countInternsInTime(tx, analysis, INTERN_DAYS)
  const times = await measureStays(tx, analysis)
  const asStudent = times.find(({ maturity }) => maturity === 'student')
  return {
    proposals_per_trigger: { actual: shareOf(courses, triggers), of: triggers },
    completion: { actual: shareOf(count, sumOf(ended)), of: sumOf(ended) },
    gain_per_session: { actual: gain, of: count },
    intern_within_14_days: { actual: shareOf(inTime, students), of: students },
    days_to_intern: { actual: asStudent?.meanDays ?? null, of: asStudent?.ended ?? 0 },
  }
}

/** What some sessions gained together, 0 to 1 each. */
function gainedBy(sessions: readonly SessionCount[]): number {
  return sessions.reduce((sum, { gained }) => sum + gained, 0) / BASIS_POINTS
}
