import {
  GovernanceError,
  type RemoteAnswer,
  type RemoteClaimRequest,
  type SupervisionDecision,
} from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { listJournal } from '../journal/list-journal.ts'
import { admit } from '../routing/admit.ts'
import type { Attempt } from '../routing/attempt.ts'
import { claimInTime } from '../routing/await-supervision.ts'
import type { Gate } from '../routing/gate.ts'
import { parseTrigger } from '../routing/parse-trigger.ts'
import { resolveAction } from '../routing/resolve-action.ts'
import { findSession } from '../supervision/store.ts'
import { remoteCall, remoteTrace } from './begin.ts'
import { LONGEST_WAIT_MS } from './checkpoint.ts'

/**
 * Waits until the session of a decision is watched and claims the run under that watch. Nothing is kept between two
 * requests: the caller states the attempt again, and the journal says whether it is the one that was decided on.
 *
 * @throws GovernanceError `INPUT_INVALID`, `NOT_FOUND`, `CONFLICT` for another attempt than was decided on,
 * `AGENT_MISMATCH`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function claimRemote(
  gate: Gate,
  actor: Actor,
  { decisionId, ...request }: RemoteClaimRequest & { readonly decisionId: string },
): Promise<RemoteAnswer> {
  const { context, consequences } = gate
  const trigger = parseTrigger(request.trigger)
  admit(gate, actor, { trigger, operation: 'triggers.decide' })
  const { decision, traceparent } = await readOwnDecision(context, actor, decisionId)
  const attempt = { ...(await attemptOf(gate, actor, { trigger, decision })), ...traceparent }
  const { workspace } = actor
  const sessionId = decision.session.id
  const withinMs = Math.min(request.withinMs, LONGEST_WAIT_MS)
  const wait = { workspace, sessionId, stepId: decision.id, withinMs, patient: false, signal: undefined }
  const answer = await consequences.awaitSupervisor(wait)
  const { otherwise } = request
  const waiting = { status: 'waiting', decision, attachWithinMs: context.settings.attachWithinMs } as const
  // Nobody asks for the queue while somebody who is there holds the run up.
  const waitsOn = otherwise === 'wait' || (otherwise === 'queue' && answer.result === 'held')
  if (answer.result !== 'watched' && waitsOn && (await isOpen(context, actor, sessionId))) return waiting
  const claimed = await claimInTime(gate, { attempt, decision, answer, gaveUp: otherwise === 'give_up' })
  if (claimed.result === 'again') return waiting
  if (claimed.result === 'withheld') return { status: 'withheld', decision: claimed.decision }
  if (claimed.result === 'replay') return { status: 'replayed', decision: claimed.decision, outcome: claimed.outcome }
  await context.failpoint('claim.after_commit')
  const call = remoteCall(gate, claimed.attempt, claimed)
  const trace = await remoteTrace(gate, { attempt, asked: null })
  return { status: 'permitted', decision: claimed.decision, call: { ...call, ...trace } }
}

interface OwnDecision {
  readonly decision: SupervisionDecision
  /** Its span, where it was traced. */
  readonly traceparent: Pick<Attempt, 'traceparent'>
}

async function readOwnDecision(context: GovernorContext, actor: Actor, decisionId: string): Promise<OwnDecision> {
  const query = { subject: decisionId, kind: 'decision.made', limit: 1 }
  const { items } = await listJournal(context, { workspace: actor.workspace, query, only: null })
  const [entry] = items
  if (entry === undefined || entry.body.actor !== actorName(actor)) throw recordNotFound('decision', decisionId)
  // The journal is written by this product alone and is sealed.
  const decision = entry.body.decision as unknown as SupervisionDecision
  const { traceparent } = entry.body
  const traced = typeof traceparent === 'string' ? { traceparent } : {}
  if (decision.route === 'supervision') return { decision, traceparent: traced }
  throw new GovernanceError('CONFLICT', { message: 'The attempt does not wait for a supervisor.' })
}

async function attemptOf(
  gate: Gate,
  actor: Actor,
  { trigger, decision }: { readonly trigger: Attempt['trigger']; readonly decision: SupervisionDecision },
): Promise<Attempt> {
  const resolution = await resolveAction(gate.registry, actor.workspace, trigger)
  const isSame = trigger.agent === decision.agent && trigger.action === decision.action
  if (!isSame || resolution.status !== 'resolved' || resolution.argsHash !== decision.argsHash) {
    throw new GovernanceError('CONFLICT', { message: 'Another attempt was decided on.' })
  }
  return {
    actor,
    trigger,
    keyed: trigger.idempotencyKey !== undefined,
    idempotencyKey: trigger.idempotencyKey ?? decision.id,
    decisionId: decision.id,
    decidedAt: decision.decidedAt,
    startedAt: gate.context.clock.monotonic(),
    resolution,
  }
}

async function isOpen(context: GovernorContext, actor: Actor, sessionId: string): Promise<boolean> {
  const options = { workspace: actor.workspace, deadlineMs: context.settings.deadlineMs }
  const session = await inWorkspace(context.database, options, (tx) => findSession(tx, sessionId))
  return session !== undefined && session.endedAt === null
}
