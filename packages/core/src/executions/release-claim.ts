import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Attempt } from '../routing/attempt.ts'
import type { Claim } from '../routing/consequences.ts'
import { settle } from './settle.ts'

/** Gives back a claim under which nothing ran, so that the same attempt may be made again. */
export async function releaseClaim(context: GovernorContext, attempt: Attempt, claim: Claim): Promise<void> {
  await settle(context, {
    workspace: attempt.actor.workspace,
    agent: attempt.trigger.agent,
    actor: actorName(attempt.actor),
    decisionId: attempt.decisionId,
    proof: claim,
    // A step that never ran is no step: its session is not told.
    sessionId: null,
    end: { status: 'released' },
    isSelfReported: false,
  })
}
