import { type Access, REDACTED } from '@preceptor/core/plugin'
import type { Evaluation, LearningSession } from '../client/trainer.ts'

/** A session as somebody may see it who may, or may not, read what was asked and answered. */
export function visibleSession(access: Access, session: LearningSession): LearningSession {
  if (access !== 'redacted') return session
  return {
    ...session,
    context: REDACTED,
    originalResponse: REDACTED,
    correction: session.correction === null ? null : REDACTED,
    failure: session.failure === null ? null : REDACTED,
    improvedResponse: session.improvedResponse === null ? null : REDACTED,
    before: visibleEvaluation(session.before),
    after: visibleEvaluation(session.after),
  }
}

/** Reasons quote the answer. */
function visibleEvaluation(evaluation: Evaluation | null): Evaluation | null {
  if (evaluation === null) return null
  const checks = evaluation.checks.map((check) => ({ ...check, reason: REDACTED }))
  return evaluation.state === 'unscored' ? { ...evaluation, reason: REDACTED, checks } : { ...evaluation, checks }
}
