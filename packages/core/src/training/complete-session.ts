import { GovernanceError, type TrainingSession, type TypedScore } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { personText } from '../access/person-text.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import { getAgent } from '../agents/get-agent.ts'
import { updateAgent } from '../agents/store.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { earn } from '../maturity/earn.ts'
import { explain } from '../maturity/explain-promotion.ts'
import { openRecord } from '../maturity/open-record.ts'
import { promotionPolicyOf } from '../maturity/promotion-policy.ts'
import { recordCapability } from '../maturity/record-capability.ts'
import type { MaturityRecord } from '../maturity/store.ts'
import { assertNotInvolved } from './assert-not-involved.ts'
import { offerBlocked } from './blocked-store.ts'
import { getLocked, notIn } from './move-session.ts'
import { retryHarmless } from './retry-harmless.ts'
import { listRuns } from './scenario-run-store.ts'
import { type SessionScore, scoreOfRuns, typedScore } from './session-score.ts'
import { completeInProgress, findTrainingSession } from './session-store.ts'
import type { TrainingDependencies } from './training-dependencies.ts'

const input = z.strictObject({ score: z.number().min(0).max(1), reason: personText(1_000) })

/**
 * Completes a session of which every scenario has a score, or by a score that a human trainer types with a reason: once.
 *
 * @throws GovernanceError `CONFLICT` when it is not in progress or scenarios lack a score, `PERMISSION_DENIED`, `NOT_FOUND`,
 * `INPUT_INVALID`, or the code of a fault.
 */
export async function completeTraining(
  dependencies: TrainingDependencies,
  actor: Actor,
  request: { readonly id: string; readonly typed?: TypedScore | undefined },
): Promise<TrainingSession> {
  authorize(actor, 'training_sessions.complete')
  const typed = request.typed === undefined ? null : parseInput(input, request.typed, 'typed')
  if (typed !== null && actor.principal.kind !== 'user') throw new GovernanceError('PERMISSION_DENIED')
  return completeSession(dependencies, {
    workspace: actor.workspace,
    id: request.id,
    actor: actorName(actor),
    scoreOf: async (tx, { session }) => {
      await assertNotInvolved(tx, actor, { agent: session.agent, isScore: true })
      if (typed === null) return scoreOfRuns(session, await listRuns(tx, session.id))
      return typedScore(session, { ...typed, trainer: actorName(actor) })
    },
  })
}

/** A session that is to be completed. */
export interface Completion {
  readonly workspace: string
  readonly id: string
  /** Who completes it, such as `system:training`. */
  readonly actor: string
  /** What it has come to; the session is held. */
  readonly scoreOf: (tx: Tx, held: { readonly session: TrainingSession }) => Promise<SessionScore>
}

/** A session that is held, with the record of its agent and what it came to. */
interface ScoredSession {
  readonly session: TrainingSession
  readonly record: MaturityRecord
  readonly score: SessionScore
  readonly actor: string
}

/** Completes a session in one transaction: evidence, level, capabilities, offers; then tries again what does no harm. */
export async function completeSession(
  dependencies: TrainingDependencies,
  completion: Completion,
): Promise<TrainingSession> {
  const { context } = dependencies
  const { workspace, id } = completion
  const session = await inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    const seen = await findTrainingSession(tx, id)
    if (seen === undefined) throw recordNotFound('training session', id)
    // The agent before the session: in the order of everybody who holds both.
    const capability = recordCapability(await promotionPolicyOf(tx), seen.capability)
    const record = await openRecord(context, tx, { agent: seen.agent, capability, actor: completion.actor })
    const { session: held } = await getLocked(tx, id)
    if (record === undefined) throw new GovernanceError('FACT_INVALID')
    if (held.state !== 'in_progress') throw notIn(held, ['in_progress'])
    const score = await completion.scoreOf(tx, { session: held })
    return complete(context, tx, { session: held, record, score, actor: completion.actor })
  })
  await retryHarmless(dependencies, { workspace, session })
  return session
}

async function complete(context: GovernorContext, tx: Tx, done: ScoredSession): Promise<TrainingSession> {
  const { session, record, score, actor } = done
  const { id, agent } = session
  const at = isoTime(context.clock.now())
  const after = await countScore(context, tx, done)
  const { missing } = await missingOf(tx, after)
  const offered =
    after.maturity === 'student' ? 0 : await offerBlocked(tx, { proposal: session.trainingProposalId, at })
  await learn(tx, { agent, developed: score.developed, at })
  const maturity = { maturityBefore: record.maturity, maturityAfter: after.maturity }
  if (!(await completeInProgress(tx, { ...score, ...maturity, id, missing, at }))) throw notIn(session, ['in_progress'])
  await context.journal.append(tx, {
    kind: 'training_session.completed',
    subject: id,
    agent,
    body: {
      actor,
      score: score.score,
      typed: score.typed,
      scoredBy: [...score.scoredBy],
      reason: score.reason === null ? null : redactText(score.reason),
      developed: [...score.developed],
      remaining: [...score.remaining],
      from: record.maturity,
      to: after.maturity,
      missing: [...missing],
      offered,
    },
  })
  const completed = await findTrainingSession(tx, id)
  if (completed === undefined) throw recordNotFound('training session', id)
  return completed
}

/** Counts a score as evidence; a score of 0 shows nothing learned, and moves nothing under any policy. */
async function countScore(context: GovernorContext, tx: Tx, done: ScoredSession): Promise<MaturityRecord> {
  const { session, record, score, actor } = done
  if (score.score === 0) return record
  return earn(context, tx, {
    agent: session.agent,
    capability: record.capability,
    evidence: { kind: 'training', score: score.score },
    sourceId: session.id,
    reviewers: score.scoredBy,
    ...(session.startedAt !== null && { beganAt: session.startedAt }),
    actor,
    reason: score.reason === null ? `Training: ${session.capability}.` : redactText(score.reason),
  })
}

async function missingOf(tx: Tx, record: MaturityRecord): Promise<{ readonly missing: readonly string[] }> {
  const { gates } = await explain(tx, record)
  return { missing: gates.flatMap(({ missing }) => (missing === null ? [] : [missing])) }
}

async function learn(
  tx: Tx,
  { agent, developed, at }: { readonly agent: string; readonly developed: readonly string[]; readonly at: string },
): Promise<void> {
  const { capabilities } = await getAgent(tx, agent)
  const learned = developed.filter((capability) => !capabilities.includes(capability))
  if (learned.length === 0) return
  await updateAgent(tx, agent, { capabilities: [...capabilities, ...learned], changedBy: null, at })
}
