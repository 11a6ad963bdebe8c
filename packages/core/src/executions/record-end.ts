import { setTimeout as delay } from 'node:timers/promises'
import type { JsonObject, StoredOutcome } from '@preceptor/client'
import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { PermittedCall } from '../routing/guard.ts'
import { isSettled, KINDS, settle } from './settle.ts'

const WAITS_MS = [100, 400, 1_500] as const

/**
 * Records the end of a run. A store that fails is asked again for about two seconds; after that the outcome is not on
 * record and the lapsed claim will say that it is unknown, which is the truth.
 */
export async function recordEnd(
  context: GovernorContext,
  call: PermittedCall,
  end: StoredOutcome | { readonly status: 'released' },
): Promise<boolean> {
  if (call.claim === null) return recordSafeEnd(context, call, end.status)
  const { claim, actor, trigger, decision } = call
  const { executionId, fence } = claim
  const proof = { executionId, fence }
  const settlement = {
    workspace: actor.workspace,
    agent: trigger.agent,
    actor: actorName(actor),
    decisionId: decision.id,
    proof,
    sessionId: call.sessionId,
    end,
    // This process saw it.
    isSelfReported: false,
  }
  for (const [times, wait] of [...WAITS_MS, null].entries()) {
    try {
      // Only the answer to the commit may have been lost: then this fence has settled it already.
      return (await settle(context, settlement)) || (times > 0 && (await isSettled(context, settlement)))
    } catch (error) {
      if (wait === null) report(context, call, error)
      else await delay(wait)
    }
  }
  return false
}

/** The end of a safe run goes into the buffer beside its decision. */
function recordSafeEnd(context: GovernorContext, call: PermittedCall, status: keyof typeof KINDS): boolean {
  const { actor, decision, trigger } = call
  const body: JsonObject = { actor: actorName(actor), decisionId: decision.id, outcome: status }
  const kind = KINDS[status]
  try {
    context.journal.buffer(actor.workspace, { kind, subject: decision.id, agent: trigger.agent, body })
    return true
  } catch (error) {
    report(context, call, error)
    return false
  }
}

function report(context: GovernorContext, { decision }: PermittedCall, error: unknown): void {
  const message = `The outcome of ${decision.id} could not be recorded: ${String(error)}`
  context.report({ level: 'error', code: 'STORE_UNAVAILABLE', message })
}
