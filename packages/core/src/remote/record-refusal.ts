import { ERROR_CODES, type ErrorCode } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { listJournal } from '../journal/list-journal.ts'

/** Puts on record that a run that was let through was denied in the end: it did not begin. */
export async function recordRemoteRefusal(
  context: GovernorContext,
  actor: Actor,
  { decisionId, refusal }: { readonly decisionId: string; readonly refusal: ErrorCode },
): Promise<void> {
  const { workspace } = actor
  const query = { subject: decisionId, kind: 'decision.made', limit: 1 }
  const [made] = (await listJournal(context, { workspace, query, only: null })).items
  const decision = made?.body.decision
  if (made === undefined || made.body.actor !== actorName(actor) || made.agent === null) return
  // A repeat of the request finds the denial that the first one wrote.
  if (typeof decision !== 'object' || decision === null || Reflect.get(decision, 'route') === 'denied') return
  const { agent, body } = made
  const denied = { ...decision, route: 'denied', code: refusal, reason: ERROR_CODES[refusal].summary }
  const draft = { kind: 'decision.made', subject: decisionId, agent, body: { ...body, decision: denied } } as const
  const options = { workspace, deadlineMs: context.settings.deadlineMs }
  await inWorkspace(context.database, options, (tx) => context.journal.append(tx, draft))
}
