import { GovernanceError, type SupervisionSession } from '@preceptor/client'
import { getAgent } from '../agents/get-agent.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { fieldOf } from '../meta-agent/review-facts.ts'
import type { ChatMessage } from '../models/chat-model.ts'
import { factsAbout } from '../routing/current-facts.ts'
import type { Facts } from '../routing/facts.ts'
import { againSince } from '../supervision/agent-watch.ts'
import { isStepApproved, wasLeftToPeople } from '../supervision/agent-watch-store.ts'
import { findStep, type StepRow } from '../supervision/step-store.ts'
import { lockSession } from '../supervision/store.ts'
import { leaveToPeople } from './leave-to-people.ts'
import { type BegunTest, beginTest, isTestDue, nonceOf, noteQuestion, type Question } from './note-question.ts'
import { type KnownCandidate, readCandidates } from './read-candidates.ts'
import { ASKED_BY, type ReviewDependencies } from './review-dependencies.ts'
import { messagesOf, questionAbout } from './review-question.ts'
import { holdReviews } from './reviewer-store.ts'
import { selectReviewer } from './select-reviewer.ts'
import { isWatchedBy, mayWatch, watchedOf } from './watch-rules.ts'
import { findStepAction, isStepAsked, wasDenied } from './watch-store.ts'

/** A step that a reviewer that watches its run is to look at, as often corrected. */
export interface WatchedStep {
  readonly workspace: string
  readonly sessionId: string
  readonly reviewer: string
  readonly stepId: string
  readonly corrections: number
}

/** A question about a step that was noted as asked. */
export interface AskedStep extends WatchedStep {
  readonly reviewId: string
  readonly actionHash: string
  readonly candidate: KnownCandidate
  readonly messages: readonly ChatMessage[]
}

/** What came of beginning. */
export type StepReviewBegun =
  | { readonly result: 'asked'; readonly asked: AskedStep }
  | { readonly result: 'untested'; readonly test: BegunTest }
  /** There is nothing to ask, or it was left to people. */
  | { readonly result: 'settled' }

/** Notes that a reviewer is asked about a step of a run that it watches; once for the args that it has. */
export function beginStepReview(
  dependencies: ReviewDependencies,
  watched: WatchedStep & { readonly isTested: boolean },
): Promise<StepReviewBegun> {
  const { context, gate } = dependencies
  const { workspace, sessionId, reviewer, stepId, corrections } = watched
  return inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    await holdReviews(tx)
    const session = await lockSession(tx, sessionId)
    const now = context.clock.now()
    if (session === undefined || !isWatchedBy(session, reviewer, now)) return { result: 'settled' }
    const step = await findStep(tx, stepId)
    if (step?.state !== 'waiting' || step.corrections !== corrections) return { result: 'settled' }
    if (await isStepApproved(tx, { step: stepId, corrections, by: reviewer })) return { result: 'settled' }
    const facts = await factsAbout(gate, tx, { agents: [session.agent], hold: false })
    const [candidate] = await readCandidates(dependencies, tx, { stops: facts.stops, only: reviewer })
    const refused = await reasonAgainst(dependencies, tx, { session, step, facts, candidate })
    const begun =
      refused === null && candidate !== undefined
        ? await askCandidate(dependencies, tx, { watched, step, facts, candidate })
        : (refused ?? GONE)
    if (typeof begun !== 'string') return begun
    await leaveToPeople(context, tx, { session, reviewer, step: stepId, reason: begun })
    return { result: 'settled' }
  })
}

/** Notes what is asked of the reviewer, a test before a step where one is due; or why nothing is. */
async function askCandidate(
  dependencies: ReviewDependencies,
  tx: Tx,
  {
    watched,
    step,
    facts,
    candidate,
  }: {
    readonly watched: WatchedStep & { readonly isTested: boolean }
    readonly step: StepRow
    readonly facts: Facts
    readonly candidate: KnownCandidate
  },
): Promise<StepReviewBegun | string> {
  if (!watched.isTested && isTestDue(dependencies, candidate)) {
    const test = await beginTest(dependencies, tx, candidate)
    return GovernanceError.isInstance(test) ? test.message : { result: 'untested', test }
  }
  const question = await questionOf(dependencies, tx, { step, facts })
  if ('refused' in question) return question.refused
  const { messages, actionHash } = question
  const noted = await noteQuestion(dependencies, tx, {
    reviewer: candidate,
    messages,
    about: aboutStep(step, actionHash),
    askedBy: ASKED_BY,
  })
  if (GovernanceError.isInstance(noted)) return noted.message
  return { result: 'asked', asked: { ...watched, ...question, candidate, reviewId: noted } }
}

const GONE = 'The reviewer may not watch this run any more.'

/** Why a reviewer is not asked about a step; null when it is. */
async function reasonAgainst(
  dependencies: ReviewDependencies,
  tx: Tx,
  {
    session,
    step,
    facts,
    candidate,
  }: {
    readonly session: SupervisionSession
    readonly step: StepRow
    readonly facts: Facts
    readonly candidate: KnownCandidate | undefined
  },
): Promise<string | null> {
  if (!facts.policy.supervision.reviewers) return 'The policy lets no reviewer watch any more.'
  if (candidate === undefined || !mayWatch(candidate, [step])) return GONE
  const reviewed = await watchedOf(tx, session.agent, [step])
  if (selectReviewer([candidate], reviewed, Number.POSITIVE_INFINITY) === undefined) return GONE
  const { id: stepId, corrections } = step
  // What was begun and not ended was lost: there is no second question.
  if (await isStepAsked(tx, { step: stepId, corrections })) return 'A step could not be reviewed.'
  const since = againSince(dependencies.context)
  const { id: sessionId } = session
  const isAppeal =
    (await wasDenied(tx, { session: sessionId, action: step.action })) ||
    (await wasLeftToPeople(tx, { ...step, since }))
  return isAppeal ? 'A reviewer did not let the like begin before: an appeal is for people.' : null
}

/** What the reviewer is asked, bound to this step with these args; or why it is not. */
async function questionOf(
  dependencies: ReviewDependencies,
  tx: Tx,
  { step, facts }: { readonly step: StepRow; readonly facts: Facts },
): Promise<Pick<AskedStep, 'actionHash' | 'messages'> | { readonly refused: string }> {
  const action = await findStepAction(tx, step)
  if (action === undefined) return { refused: 'The definition that it was ruled by is not in the catalogue any more.' }
  const agent = await getAgent(tx, step.agent)
  if (fieldOf(agent, action.capability) === 'off') return { refused: 'It is no usual task of this agent.' }
  const { risk, sensitive, resource, request } = step
  const args = step.correctedArgs ?? step.args
  const actionHash = stepHash(tx.workspace, step)
  const proposal = { action: step.action, risk, args, sensitive, resource, actionHash }
  const asked = { proposal, agent, action, context: { request } }
  const messages = messagesOf(questionAbout(asked, facts.policy), nonceOf(dependencies))
  return messages === undefined ? { refused: 'It is too large to be reviewed as a whole.' } : { actionHash, messages }
}

/** What a verdict on a step is bound to: this step of this run, with the args that it would run with. */
function stepHash(workspace: string, step: StepRow): string {
  const { id, session, agent, action, digest, corrections, risk } = step
  const argsHash = hashCanonical(step.correctedArgs ?? step.args)
  return hashCanonical({ workspace, session, step: id, agent, action, digest, risk, corrections, argsHash })
}

function aboutStep(step: StepRow, actionHash: string): Question['about'] {
  const { agent, action, resource, risk, session, id, corrections } = step
  const about = { agent, action, resource, risk, actionHash }
  return { ...about, kind: 'step', proposalId: null, version: null, step: { session, id, corrections } }
}
