import type { Decision, JsonObject } from '@preceptor/client'
import { actorName } from '../access/actor.ts'
import type { JournalDraft } from '../journal/journal.ts'
import { redact } from '../journal/redact.ts'
import type { Attempt } from './attempt.ts'
import type { AgentFacts } from './facts.ts'

/** What the journal says of a decision: enough to explain and to reconstruct it. */
export function decisionDraft(
  attempt: Omit<Attempt, 'resolution'> & Partial<Pick<Attempt, 'resolution'>>,
  decision: Decision,
  agent: AgentFacts | null,
): JournalDraft {
  const { trigger, resolution } = attempt
  const args = resolution?.status === 'resolved' ? resolution.args : trigger.args
  const digest = resolution?.status === 'resolved' ? resolution.action.digest : null
  return {
    kind: 'decision.made',
    subject: decision.id,
    agent: trigger.agent,
    body: plain({
      actor: actorName(attempt.actor),
      credential: attempt.actor.principal.credential ?? null,
      decision,
      args: redact(args),
      digest,
      idempotencyKey: attempt.keyed ? attempt.idempotencyKey : null,
      resource: trigger.resource ?? null,
      type: trigger.type ?? null,
      delegation: trigger.delegation ?? [],
      run: trigger.run ?? null,
      epoch: agent?.epoch ?? null,
      lifecycle: agent?.lifecycle ?? null,
      confidence: agent?.confidence ?? null,
    }),
  }
}

/** Interfaces are no index signatures to the compiler; their values are plain JSON all the same. */
function plain(body: object): JsonObject {
  return body as JsonObject
}
