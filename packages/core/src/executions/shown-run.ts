import type { StoredOutcome } from '@preceptor/client'
import type { ShownRun } from '../context.ts'
import type { Evidence } from '../maturity/evidence.ts'
import type { SettledRow } from './store.ts'

type RunOutcome = Extract<Evidence, { kind: 'run' }>['outcome']

/** How a run ended, and who says so. */
export interface RunEnd {
  readonly end: StoredOutcome | { readonly status: 'released' }
  /** Whether only the credential of the agent says how it ended: then that speaks against the agent, and never for it. */
  readonly isSelfReported: boolean
}

/** What the end of a run shows; null where it shows nothing. */
export function outcomeShown({ end, isSelfReported }: RunEnd): RunOutcome | null {
  if (end.status === 'failed')
    return end.infrastructure === true && !isSelfReported ? 'infrastructure_failed' : 'failed'
  return end.status === 'released' || isSelfReported ? null : 'succeeded'
}

/** What the end of a run shows of the agent at a capability; null where it counts nowhere. */
export function shownBy(end: RunEnd, { earns, claimedAt }: Pick<SettledRow, 'earns' | 'claimedAt'>): ShownRun | null {
  const outcome = outcomeShown(end)
  if (earns === null || outcome === null || outcome === 'infrastructure_failed') return null
  return { capability: earns, outcome, beganAt: claimedAt }
}
