import type { RepeatedAnswer } from '../routing/consequences.ts'
import type { ExecutionState } from './store.ts'

/** A repeated attempt, as it is asked for. */
export interface RepeatedAttempt {
  readonly action: string
  /** Null where the args could not be parsed. */
  readonly argsHash: string | null
  readonly idempotent: boolean
  /** ISO 8601. */
  readonly at: string
}

/** What an execution answers to the same attempt; null when that may run again, if the rules of now let it. */
export function answerTo(known: ExecutionState, asked: RepeatedAttempt): RepeatedAnswer | null {
  if (known.argsHash !== asked.argsHash || known.action !== asked.action) return { result: 'other_args' }
  if (mayRunAgain(known, asked)) return null
  if (known.state === 'outcome_unknown') return { result: 'unknown' }
  if (known.outcome === null) return { result: 'in_progress' }
  return { result: 'settled', decisionId: known.decisionId, outcome: known.outcome }
}

/** The same condition as that of the claim itself. */
function mayRunAgain({ state, idempotent, leaseExpiresAt }: ExecutionState, asked: RepeatedAttempt): boolean {
  if (state === 'released') return true
  if (!(idempotent && asked.idempotent)) return false
  return state === 'failed' || state === 'outcome_unknown' || (state === 'claimed' && leaseExpiresAt < asked.at)
}
