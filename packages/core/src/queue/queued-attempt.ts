import type { Trigger } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { principalNamed } from '../access/principal-named.ts'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Attempt } from '../routing/attempt.ts'
import type { Gate } from '../routing/gate.ts'
import type { RunnableEntry } from './offer-store.ts'

/** The attempt of an entry, made again now as who asked, with the very args that were enqueued. */
export function queuedAttempt(
  { context }: Gate,
  {
    workspace,
    entry,
    action,
  }: { readonly workspace: string; readonly entry: RunnableEntry; readonly action: ActionSpecification },
): Attempt {
  const actor: Actor = { workspace, principal: principalNamed(entry.askedBy), source: entry.source }
  return {
    actor,
    trigger: triggerOf(entry),
    keyed: true,
    idempotencyKey: entry.idempotencyKey,
    decisionId: entry.stepId ?? context.ids.next('dec'),
    decidedAt: isoTime(context.clock.now()),
    startedAt: context.clock.monotonic(),
    // They were parsed when they were enqueued, by the same definition: its digest is that of the entry.
    resolution: { status: 'resolved', action, args: entry.args, argsHash: entry.argsHash },
  }
}

function triggerOf({
  agent,
  action,
  digest,
  args,
  idempotencyKey,
  type,
  resource,
  delegation,
}: RunnableEntry): Trigger {
  return {
    agent,
    action,
    digest,
    args,
    idempotencyKey,
    ...(type === null ? {} : { type }),
    ...(resource === null ? {} : { resource }),
    ...(delegation.length === 0 ? {} : { delegation }),
  }
}
