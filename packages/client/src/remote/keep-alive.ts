import type { ErrorCode } from '../errors/error-codes.ts'
import { GovernanceError } from '../errors/governance-error.ts'
import type { PermittedRun } from './permitted-run.ts'

/** What says for sure that the run must end; whatever else goes wrong is asked again until the lease is over. */
const ENDS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'STOPPED',
  'AGENT_PAUSED',
  'AGENT_STOPPED',
  'AGENT_RETIRED',
  'AGENT_CHANGED',
  'AGENT_UNKNOWN',
  'RUN_TERMINATED',
  'EXECUTION_FENCED',
  'CREDENTIAL_INVALID',
  'PERMISSION_DENIED',
])
/** A run without a claim has no lease: it is looked after as often as one with a claim is by default. */
const WITHOUT_CLAIM_MS = 30_000
/** A stop or a demotion reaches a run within this time, however long its lease is. */
const LOOK_EVERY_MS = 2_000

/** Looks after a run for as long as it lasts. */
export interface RunKeeper {
  stop(): void
}

/**
 * Starts to renew the claim of a run, three times within its lease and every two seconds at least. A stop, a pause, a changed agent or a claim that was
 * lost aborts the run, and so does a gate that did not answer for a whole lease: somebody else may hold the claim by then.
 */
export function keepAlive(
  run: PermittedRun,
  controller: AbortController,
  check: (deadlineMs: number) => Promise<void>,
): RunKeeper {
  const { claim } = run.call
  const leaseMs = claim?.leaseMs ?? WITHOUT_CLAIM_MS
  let expiry: NodeJS.Timeout | undefined
  let stopped = false
  const holdFrom = (since: number): void => {
    if (claim === null) return
    clearTimeout(expiry)
    const lose = (): void => controller.abort(new GovernanceError('EXECUTION_FENCED'))
    const left = since + leaseMs - performance.now()
    if (left <= 0) lose()
    else expiry = setTimeout(lose, left).unref()
  }
  const renew = async (): Promise<void> => {
    // The lease counts from before the question: the answer may come late.
    const askedAt = performance.now()
    try {
      await check(Math.min(2_000, leaseMs / 3))
      if (!stopped) holdFrom(askedAt)
    } catch (error) {
      if (!stopped && GovernanceError.isInstance(error) && ENDS.has(error.code)) controller.abort(error)
    }
  }
  const timer = setInterval(() => void renew(), Math.min(leaseMs / 3, LOOK_EVERY_MS)).unref()
  holdFrom(run.askedAt)
  return {
    stop() {
      stopped = true
      clearInterval(timer)
      clearTimeout(expiry)
    },
  }
}
