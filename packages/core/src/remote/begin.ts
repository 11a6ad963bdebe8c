import type { RemoteAnswer, RemoteCall, Trigger } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import type { Attempt } from '../routing/attempt.ts'
import type { Claim } from '../routing/consequences.ts'
import { decide } from '../routing/decide.ts'
import type { Decided } from '../routing/decided.ts'
import type { Gate } from '../routing/gate.ts'
import { assertResolved } from '../routing/resolve-action.ts'
import { askingOf } from '../telemetry/run-span.ts'
import type { Asked } from '../telemetry/trace-store.ts'

/**
 * Decides on a trigger and claims what may run, for a run in another process.
 *
 * @throws GovernanceError `INPUT_INVALID` for a trigger that is not one, `PERMISSION_DENIED` for who could not record
 * the end of the run.
 */
export async function beginRemote(gate: Gate, actor: Actor, trigger: Trigger): Promise<RemoteAnswer> {
  authorize(actor, 'decisions.report')
  const decided = await decide(gate, actor, trigger, 'guard')
  const { decision, replay } = decided
  if (replay !== null) return { status: 'replayed', decision, outcome: replay }
  if (decision.route === 'supervision') {
    return { status: 'waiting', decision, attachWithinMs: gate.context.settings.attachWithinMs }
  }
  if (decision.route !== 'execution') return { status: 'withheld', decision }
  const { attempt, claim } = decided
  const call = remoteCall(gate, attempt, { claim, guidance: [], watchedUntil: null })
  const asked = decision.approval === undefined ? null : ({ kind: 'proposal', id: decision.approval.proposal } as const)
  const trace = await remoteTrace(gate, { attempt, asked })
  return { status: 'permitted', decision, call: { ...call, ...trace } }
}

/** What was traced of an attempt; what cannot be looked up in time is left out. */
export async function remoteTrace(
  { context }: Gate,
  { attempt, asked }: { readonly attempt: Pick<Attempt, 'actor' | 'traceparent'>; readonly asked: Asked | null },
): Promise<Pick<RemoteCall, 'trace'>> {
  const { traceparent: decision } = attempt
  if (decision === undefined) return {}
  const { workspace } = attempt.actor
  const asking = asked === null ? null : await askingOf(context, { workspace, asked }).catch(() => null)
  return { trace: { decision, ...(asking !== null && { asked: asking }) } }
}

/** What the other process needs to run it. */
export function remoteCall(
  { context }: Gate,
  { trigger, resolution, idempotencyKey }: Decided['attempt'],
  {
    claim,
    guidance,
    watchedUntil,
  }: { readonly claim: Claim | null; readonly guidance: readonly string[]; readonly watchedUntil: number | null },
): Extract<RemoteAnswer, { status: 'permitted' }>['call'] {
  const { args, argsHash } = assertResolved(resolution)
  const { claimLeaseMs: leaseMs } = context.settings
  return {
    // The answer is kept for a repeat of the request: args that the caller has are not kept with it.
    args: hashCanonical(trigger.args) === argsHash ? null : args,
    attempt: claim?.attempt ?? 1,
    idempotencyKey,
    claim: claim === null ? null : { fence: claim.fence, epochs: claim.epochs, leaseMs },
    guidance,
    watchedMs: watchedUntil === null ? null : watchedUntil - context.clock.now(),
  }
}
