import type { AnalyticsTarget, AnalyticsTargetName } from '@preceptor/client'

/** Days in which a student is to become an intern. */
export const INTERN_DAYS = 14

/** What the targets are held against; null where there was nothing to measure. */
export type TargetActuals = Readonly<
  Record<AnalyticsTargetName, { readonly actual: number | null; readonly of: number }>
>

type Rule = Pick<AnalyticsTarget, 'comparison' | 'target'>

const RULES: Readonly<Record<AnalyticsTargetName, Rule>> = {
  proposals_per_trigger: { comparison: 'below', target: 0.1 },
  completion: { comparison: 'above', target: 0.9 },
  gain_per_session: { comparison: 'at_least', target: 0.15 },
  intern_within_14_days: { comparison: 'at_least', target: 0.8 },
  days_to_intern: { comparison: 'at_most', target: 7 },
}

const NAMES: readonly AnalyticsTargetName[] = [
  'proposals_per_trigger',
  'completion',
  'gain_per_session',
  'intern_within_14_days',
  'days_to_intern',
]

/** Holds what was reached against the targets of student training. */
export function trainingTargets(actuals: TargetActuals): readonly AnalyticsTarget[] {
  return NAMES.map((name) => {
    const rule = RULES[name]
    const { actual, of } = actuals[name]
    return { name, ...rule, actual, of, isMet: actual === null ? null : isMet(rule, actual) }
  })
}

function isMet({ comparison, target }: Rule, actual: number): boolean {
  switch (comparison) {
    case 'below':
      return actual < target
    case 'above':
      return actual > target
    case 'at_least':
      return actual >= target
    case 'at_most':
      return actual <= target
    default:
      return comparison satisfies never
  }
}
