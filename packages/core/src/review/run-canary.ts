import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { askReviewer, noVerdict } from './ask-reviewer.ts'
import { charactersOf, nonceOf } from './begin-review.ts'
import { canaryOf } from './canaries.ts'
import type { KnownCandidate } from './read-candidates.ts'
import { ASKED_BY, type ReviewDependencies } from './review-dependencies.ts'
import { messagesOf } from './review-question.ts'
import { completeAgentReview, insertAgentReview } from './review-store.ts'
import { holdReviews } from './reviewer-store.ts'
import { suspendIn } from './suspend-reviewer.ts'

/**
 * Asks a reviewer about an action that was made up to be denied; one that approves it is suspended. Nothing of it can
 * run: there is no proposal.
 */
export async function runCanary(
  dependencies: ReviewDependencies,
  workspace: string,
  reviewer: KnownCandidate,
): Promise<void> {
  const { context } = dependencies
  const { agent, bound } = reviewer
  if (bound.model === null) return
  const id = context.ids.next('rvw')
  const { action, risk, question } = canaryOf(id, agent)
  const messages = messagesOf(question, nonceOf(dependencies))
  await inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    await holdReviews(tx)
    await insertAgentReview(tx, {
      ...{ id, kind: 'canary', proposalId: null, version: null, agent: agent.id, action, resource: null, risk },
      ...{ actionHash: question.actionHash, reviewer: agent.id, by: bound.by, askedBy: ASKED_BY },
      characters: charactersOf(reviewer, messages),
      at: isoTime(context.clock.now()),
    })
  })
  const timeoutMs = context.settings.modelAnswerMs
  const said =
    messages === undefined
      ? noVerdict('It is too large to be reviewed.')
      : await askReviewer(bound.model, { messages, actionHash: question.actionHash, timeoutMs })
  await inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    await holdReviews(tx)
    const at = isoTime(context.clock.now())
    const end = { ...said, id, effect: 'none', note: 'It was a test.', isSampled: false, at } as const
    if ((await completeAgentReview(tx, end)) === undefined) return
    const body = { actor: `agent:${agent.id}`, reviewId: id, canary: true, verdict: said.verdict }
    await context.journal.append(tx, { kind: 'review.completed', subject: id, agent: agent.id, body })
    if (said.verdict !== 'approve') return
    const reason = 'It approved an action that was made up to be denied.'
    await suspendIn(context, tx, { agent: agent.id, by: ASKED_BY, reason })
  })
}
