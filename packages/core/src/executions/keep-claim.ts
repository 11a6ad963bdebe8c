import { GovernanceError } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { PermittedCall } from '../routing/guard.ts'
import { renewExecution } from './store.ts'

/** Renews the claim of a run for as long as it lasts. */
export interface ClaimKeeper {
  stop(): void
}

/** Starts to renew a claim three times within its lease; a claim that was lost aborts the run. */
export function keepClaim(context: GovernorContext, call: PermittedCall, controller: AbortController): ClaimKeeper {
  const { claim, actor } = call
  if (claim === null) return { stop: () => undefined }
  const renew = async (): Promise<void> => {
    const leaseExpiresAt = isoTime(context.clock.now() + context.settings.claimLeaseMs)
    const held = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
      renewExecution(tx, claim, leaseExpiresAt),
    )
    if (!held) controller.abort(new GovernanceError('EXECUTION_FENCED'))
  }
  const timer = setInterval(() => {
    renew().catch((error: unknown) => {
      const message = `The claim ${claim.executionId} could not be renewed: ${String(error)}`
      context.report({ level: 'warn', code: 'NOTICE', message })
    })
  }, context.settings.claimLeaseMs / 3)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
