import { GovernanceError } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { PermittedCall } from '../routing/guard.ts'
import type { Abortable } from './abortable.ts'
import { renewExecution } from './store.ts'

/** Renews the claim of a run for as long as it lasts. */
export interface ClaimKeeper {
  stop(): void
}

/**
 * Starts to renew a claim three times within its lease. A claim that was lost aborts the run, and so does one that could
 * not be renewed for a whole lease: somebody else may hold it by then.
 */
export function keepClaim(context: GovernorContext, call: PermittedCall, abortable: Abortable): ClaimKeeper {
  const { claim, actor } = call
  if (claim === null) return { stop: () => undefined }
  const { clock, settings, database } = context
  const scope = { workspace: actor.workspace, deadlineMs: settings.claimLeaseMs / 3, named: true }
  let expiry: NodeJS.Timeout | undefined
  let stopped = false
  const lose = (): void => abortable.abort(new GovernanceError('EXECUTION_FENCED'))
  const holdFrom = (since: number): void => {
    clearTimeout(expiry)
    const left = since + settings.claimLeaseMs - clock.monotonic()
    if (left <= 0) lose()
    else expiry = setTimeout(lose, left).unref()
  }
  const renew = async (): Promise<void> => {
    // The lease counts from before the question: the answer may come late.
    const askedAt = clock.monotonic()
    const leaseExpiresAt = isoTime(clock.now() + settings.claimLeaseMs)
    const held = await inWorkspace(database, scope, (tx) => renewExecution(tx, claim, leaseExpiresAt))
    if (stopped) return
    if (held) holdFrom(askedAt)
    else lose()
  }
  const timer = setInterval(() => {
    renew().catch((error: unknown) => {
      const message = `The claim ${claim.executionId} could not be renewed: ${String(error)}`
      context.report({ level: 'warn', code: 'NOTICE', message })
    })
  }, settings.claimLeaseMs / 3).unref()
  holdFrom(claim.claimedAt)
  return {
    stop() {
      stopped = true
      clearInterval(timer)
      clearTimeout(expiry)
    },
  }
}
