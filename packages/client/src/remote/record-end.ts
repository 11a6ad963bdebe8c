import { GovernanceError } from '../errors/governance-error.ts'
import type { JsonObject } from '../port/json.ts'
import type { RemoteEnd } from '../port/remote-guard.ts'
import { WITHOUT_VALUE } from './outcome.ts'
import type { PermittedRun } from './permitted-run.ts'

const WAITS_MS = [100, 400] as const
/** All tries together: longer than a gate that restarts at once, short for who waits for the result. */
const WITHIN_MS = 3_000

/**
 * Records the end of a run. A gate that fails is asked again for some seconds; after that the outcome is not on record
 * and the lapsed claim will say that it is unknown, which is the truth.
 */
export async function recordEnd(
  { call, decision, trigger, request }: PermittedRun,
  end: Pick<RemoteEnd, 'outcome' | 'session' | 'refusal'>,
): Promise<boolean> {
  let { outcome } = end
  const until = performance.now() + WITHIN_MS
  for (const wait of [...WAITS_MS, null]) {
    try {
      const { session, refusal } = end
      const body: JsonObject = {
        ...outcome,
        agent: trigger.agent,
        fence: call.claim?.fence ?? null,
        ...(session && { session }),
        ...(refusal && { refusal }),
      }
      const path = `/decisions/${encodeURIComponent(decision.id)}/outcome`
      // The fence makes it the same end, however often it arrives.
      const deadlineMs = Math.max(1, Math.min(2_000, until - performance.now()))
      await request({ method: 'POST', path, body, repeatable: true, deadlineMs })
      return true
    } catch (error) {
      const fault = GovernanceError.isInstance(error) ? error : new GovernanceError('INTERNAL')
      // The gate does not take the value; that the run succeeded must be on record all the same.
      if (fault.status < 500 && outcome.status === 'succeeded' && outcome.stored) outcome = WITHOUT_VALUE
      else if (wait === null || (fault.status < 500 && !fault.retryable)) return false
      else await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
  return false
}
