import type { Decision, JsonObject } from '@preceptor/client'
import { actorName } from '../access/actor.ts'
import type { JournalDraft } from '../journal/journal.ts'
import { redact } from '../journal/redact.ts'
import { REDACTED, redactText } from '../journal/redact-text.ts'
import type { Attempt } from './attempt.ts'
import type { AgentFacts } from './facts.ts'

/** What the journal says of a decision: enough to explain and to reconstruct it. */
export function decisionDraft(
  attempt: Omit<Attempt, 'resolution'> & Partial<Pick<Attempt, 'resolution'>>,
  decision: Decision,
  agent: AgentFacts | null,
): JournalDraft {
  const { trigger, resolution } = attempt
  const resolved = resolution?.status === 'resolved' ? resolution : null
  return {
    kind: 'decision.made',
    subject: decision.id,
    agent: trigger.agent,
    body: plain({
      actor: actorName(attempt.actor),
      credential: attempt.actor.principal.credential ?? null,
      decision: { ...decision, action: redactText(decision.action), reason: redactText(decision.reason) },
      args: resolved === null ? namesOf(trigger.args) : redact(resolved.args, resolved.action),
      argsHash: resolved?.argsHash ?? null,
      digest: resolved?.action.digest ?? null,
      idempotencyKey: attempt.keyed ? attempt.idempotencyKey : null,
      resource: redactedOr(trigger.resource),
      type: trigger.type ?? null,
      delegation: trigger.delegation ?? [],
      run: redactedOr(trigger.run),
      epoch: agent?.epoch ?? null,
      fingerprint: agent === null ? null : { ...agent.fingerprint },
      lifecycle: agent?.lifecycle ?? null,
      confidence: agent?.confidence ?? null,
      // What runs after people decided, perhaps days later, is linked to it.
      ...(attempt.traceparent === undefined ? {} : { traceparent: attempt.traceparent }),
    }),
  }
}

/** Callers choose these texts, and some put a signed address or a token there. */
function redactedOr(text: string | undefined): string | null {
  return text === undefined ? null : redactText(text)
}

/** Args that no schema has been held against: what is secret in them is not known, so only their names are kept. */
function namesOf(args: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(args).map((name) => [redactText(name), REDACTED]))
}

/** Interfaces are no index signatures to the compiler; their values are plain JSON all the same. */
function plain(body: object): JsonObject {
  return body as JsonObject
}
