import { type AnalyticsOperations, GovernanceError } from '@preceptor/client'

/** The analyses, bound to an actor. */
export function analyticsOperations(): AnalyticsOperations {
  const none = async (): Promise<never> => {
    throw new GovernanceError('INTERNAL')
  }
  return {
    summary: none,
    decisions: none,
    routing: none,
    maturity: none,
    reviewers: none,
    training: none,
    supervision: none,
    system: none,
  }
}
