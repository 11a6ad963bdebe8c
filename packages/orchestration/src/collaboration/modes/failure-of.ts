import type { CollaborationFailure, CollaborationTurn } from '../../client/collaboration.ts'

/** What a collaboration fails by when a turn decides it. */
export function failureOf({ member, failure }: CollaborationTurn): CollaborationFailure {
  return { member, code: failure?.code ?? 'STEP_FAILED', message: failure?.message ?? 'The step did not succeed.' }
}
