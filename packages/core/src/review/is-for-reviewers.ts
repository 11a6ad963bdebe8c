import type { Risk } from '@preceptor/client'

/** The risks of which a reviewer may decide; high and critical are for people, whatever it says. */
export type RiskForReviewers = Extract<Risk, 'safe' | 'medium'>

/** Whether anything may ever follow from the verdict of a reviewer on an action of this risk. */
export function isForReviewers(risk: Risk): risk is RiskForReviewers {
  return risk === 'safe' || risk === 'medium'
}
