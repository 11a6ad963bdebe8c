import type { BlockedTrigger, TrainingSession } from '@preceptor/client'
import { inWorkspace } from '../database/transaction.ts'
import { findBlockedAttempt, listOffered } from './blocked-store.ts'
import { retryAttempt } from './retry-blocked.ts'
import type { TrainingDependencies } from './training-dependencies.ts'

const MOST = 100
const BY = 'system:training'

/**
 * Makes what a course was for again, where the action is safe or may run twice; the rest stays offered to people. What
 * fails here stays offered, too.
 */
export async function retryHarmless(
  dependencies: TrainingDependencies,
  { workspace, session }: { readonly workspace: string; readonly session: TrainingSession },
): Promise<void> {
  const { context } = dependencies
  try {
    const query = { proposal: session.trainingProposalId, limit: MOST }
    const offered = await inWorkspace(context.database, { workspace }, (tx) => listOffered(tx, query))
    for (const record of offered.filter((one) => isHarmless(dependencies, workspace, one))) {
      const blocked = await inWorkspace(context.database, { workspace }, (tx) => findBlockedAttempt(tx, record.id))
      if (blocked !== undefined) await retryAttempt(dependencies, { workspace, blocked, by: BY })
    }
  } catch (error) {
    const message = `What was blocked before ${session.id} was not made again: ${String(error)}`
    context.report({ level: 'warn', code: 'NOTICE', message })
  }
}

function isHarmless({ gate }: TrainingDependencies, workspace: string, { action }: BlockedTrigger): boolean {
  const found = gate.registry.find(workspace, action)
  return found.found === 'one' && (found.action.idempotent || found.action.risk === 'safe')
}
