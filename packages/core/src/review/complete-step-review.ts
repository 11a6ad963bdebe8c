import { type AgentReview, GovernanceError, type SupervisionSession } from '@preceptor/client'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { putBack } from '../queue/put-back.ts'
import { factsAbout } from '../routing/current-facts.ts'
import { settleActor } from '../settle-actor.ts'
import { addSessionEvents } from '../supervision/add-session-events.ts'
import { recordIntervention } from '../supervision/record-intervention.ts'
import { findStep, type StepRow, withholdStep } from '../supervision/step-store.ts'
import { lockSession } from '../supervision/store.ts'
import { tellSession } from '../supervision/tell-session.ts'
import { limitReached } from './approval-limits.ts'
import type { Said } from './ask-reviewer.ts'
import type { AskedStep } from './begin-step-review.ts'
import { isCanaryOverdue } from './canary-due.ts'
import { endReview } from './end-review.ts'
import { isSampled } from './is-sampled.ts'
import { leaveToPeople } from './leave-to-people.ts'
import { readCandidates } from './read-candidates.ts'
import type { ReviewDependencies } from './review-dependencies.ts'
import { isShownWhole } from './review-question.ts'
import { holdReviews } from './reviewer-store.ts'
import { selectReviewer } from './select-reviewer.ts'
import { holderName, isWatchedBy, mayWatch, watchedOf } from './watch-rules.ts'
import { findEntryOf } from './watch-store.ts'

/** What follows from a verdict on a step. */
type Consequence =
  | { readonly effect: 'approved'; readonly isSampled: boolean }
  | { readonly effect: 'rejected' }
  /** It is for people: the watch ends. */
  | { readonly effect: 'left'; readonly note: string }
  /** It comes too late to mean anything. */
  | { readonly effect: 'none'; readonly note: string }

interface StepVerdict {
  readonly asked: AskedStep
  readonly said: Said
}

interface HeldVerdict extends StepVerdict {
  readonly session: SupervisionSession
  readonly step: StepRow
}

/**
 * Records what a reviewer said of a step and lets follow from it what may, by code, in one transaction that holds the
 * session: the step may begin, is withheld, or the run is paused for people.
 */
export async function completeStepReview(dependencies: ReviewDependencies, verdict: StepVerdict): Promise<void> {
  const { context } = dependencies
  const { workspace, sessionId, stepId, reviewer } = verdict.asked
  await inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    await holdReviews(tx)
    const session = await lockSession(tx, sessionId)
    const step = await findStep(tx, stepId)
    if (session === undefined || step === undefined) throw new GovernanceError('INTERNAL')
    const held = { ...verdict, session, step }
    const consequence = await consequenceOf(dependencies, tx, held)
    const review = await complete(dependencies, tx, { held, consequence })
    if (consequence.effect === 'rejected') await withhold(dependencies, tx, { held, review })
    if (consequence.effect !== 'left') return
    await leaveToPeople(context, tx, { session, reviewer, step: stepId, reason: 'A reviewer left a step to people.' })
  })
}

/** What may follow, from what is certain to what is measured. */
async function consequenceOf(dependencies: ReviewDependencies, tx: Tx, held: HeldVerdict): Promise<Consequence> {
  const { context, gate } = dependencies
  const { asked, said, session, step } = held
  const { reviewer, corrections, candidate } = asked
  if (!isWatchedBy(session, reviewer, context.clock.now())) {
    return { effect: 'none', note: 'The reviewer watches the run no more.' }
  }
  if (step.state !== 'waiting' || step.corrections !== corrections) {
    return { effect: 'none', note: 'It is another step by now.' }
  }
  if (said.verdict === 'escalate') return { effect: 'left', note: 'The reviewer left it to people.' }
  const { stops, policy } = await factsAbout(gate, tx, { agents: [session.agent], hold: false })
  if (!policy.supervision.reviewers) return { effect: 'left', note: 'The policy lets no reviewer watch any more.' }
  const [now] = await readCandidates(dependencies, tx, { stops, only: reviewer })
  const reviewed = await watchedOf(tx, session.agent, [step])
  const isChosen = now !== undefined && selectReviewer([now], reviewed, Number.POSITIVE_INFINITY) !== undefined
  if (!isChosen || now.bound.by !== candidate.bound.by || !mayWatch(now, [step])) {
    return { effect: 'left', note: 'The reviewer may not watch this any more.' }
  }
  const tested = { ...now.shown, by: now.bound.by }
  if (isCanaryOverdue(tested, { now: context.clock.now(), atOnce: context.settings.reviewsPerReviewer })) {
    return { effect: 'left', note: 'The reviewer gave no verdict when it was tested.' }
  }
  if (said.verdict === 'deny') return { effect: 'rejected' }
  const approved = { ...step, args: step.correctedArgs ?? step.args }
  if (!isShownWhole(approved)) return { effect: 'left', note: 'It holds values that the reviewer was not shown.' }
  const limits = { now: context.clock.now(), settings: context.settings, limits: policy.review.limits }
  const reached = await limitReached(tx, approved, limits)
  if (reached !== null) return { effect: 'left', note: reached }
  return { effect: 'approved', isSampled: isSampled(asked.reviewId, policy.review.sample) }
}

/** Writes how the review ended, with its journal row and in the stream of the session. */
async function complete(
  { context }: ReviewDependencies,
  tx: Tx,
  { held, consequence }: { readonly held: HeldVerdict; readonly consequence: Consequence },
): Promise<AgentReview> {
  const { asked, said, session, step } = held
  const effect = consequence.effect === 'left' ? 'none' : consequence.effect
  const note = 'note' in consequence ? consequence.note : null
  const sampled = consequence.effect === 'approved' && consequence.isSampled
  const at = isoTime(context.clock.now())
  const review = await endReview(context, tx, { ...said, id: asked.reviewId, effect, note, isSampled: sampled, at })
  if (review === undefined) {
    throw new GovernanceError('CONFLICT', { message: `The review ${asked.reviewId} is completed.` })
  }
  // What it says stays with the review: the agent that is watched may read these.
  const body = { actor: holderName(review.reviewer), reviewId: review.id, step: step.id, effect, isSampled: sampled }
  const { id: subject, agent } = session
  const entry = { actionHash: review.actionHash, by: review.by, ...body }
  await context.journal.append(tx, { kind: 'review.completed', subject, agent, body: entry })
  await addSessionEvents(context, tx, { session: subject, events: [{ kind: 'review.completed', body }], at })
  return review
}

/** A step that a reviewer denied never begins, and nor does a queued run that it is. */
async function withhold(
  { context }: ReviewDependencies,
  tx: Tx,
  { held, review }: { readonly held: HeldVerdict; readonly review: AgentReview },
): Promise<void> {
  const { session, step, asked } = held
  const by = holderName(asked.reviewer)
  const at = isoTime(context.clock.now())
  if (!(await withholdStep(tx, { id: step.id, objectedBy: by, at }))) throw new GovernanceError('CONFLICT')
  const id = context.ids.next('itv')
  await recordIntervention(context, tx, {
    ...{ id, session: session.id, agent: session.agent, type: 'object', guidance: null, args: null, step: step.id },
    ...{ reason: review.reasons.join(' ').slice(0, 1_000), by, at, applied: true },
  })
  const actor = settleActor({ workspace: tx.workspace, principal: { kind: 'agent', id: asked.reviewer, roles: [] } })
  const body = { intervention: id, type: 'object', step: step.id, review: review.id }
  await tellSession(context, tx, { session, kind: 'intervention.applied', actor, body })
  const entry = await findEntryOf(tx, step.id)
  if (entry === undefined) return
  const reason = `${by} objected to the run.`
  await putBack(context, tx, { id: entry, agent: session.agent, sessionId: session.id, reason, forGood: true })
}
