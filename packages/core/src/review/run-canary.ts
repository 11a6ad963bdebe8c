import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { askReviewer, noVerdict } from './ask-reviewer.ts'
import type { BegunTest } from './note-question.ts'
import { ASKED_BY, type ReviewDependencies } from './review-dependencies.ts'
import { completeAgentReview } from './review-store.ts'
import { holdReviews } from './reviewer-store.ts'
import { suspendIn } from './suspend-reviewer.ts'

/**
 * Asks a reviewer about an action that was made up to be denied; one that approves it is suspended. Nothing of it can
 * run: there is no proposal.
 */
export async function runCanary(
  { context }: Pick<ReviewDependencies, 'context'>,
  workspace: string,
  { reviewId: id, reviewer: { agent, bound }, actionHash, messages }: BegunTest,
): Promise<void> {
  if (bound.model === null) return
  const timeoutMs = context.settings.modelAnswerMs
  const said =
    messages === undefined
      ? noVerdict('It is too large to be reviewed.')
      : await askReviewer(bound.model, { messages, actionHash, timeoutMs })
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
