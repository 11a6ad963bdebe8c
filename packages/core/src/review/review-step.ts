import { inWorkspace } from '../database/transaction.ts'
import { lockSession } from '../supervision/store.ts'
import { askReviewer, noVerdict, type Said } from './ask-reviewer.ts'
import { type AskedStep, beginStepReview, type WatchedStep } from './begin-step-review.ts'
import { completeStepReview } from './complete-step-review.ts'
import { leaveToPeople } from './leave-to-people.ts'
import type { ReviewDependencies } from './review-dependencies.ts'
import { runCanary } from './run-canary.ts'

/** Asks the reviewer that watches a run about one step of it, once, after its test where one is due. */
export async function reviewStep(dependencies: ReviewDependencies, watched: WatchedStep): Promise<void> {
  for (const isTested of [false, true]) {
    const begun = await beginStepReview(dependencies, { ...watched, isTested })
    if (begun.result === 'settled') return
    if (begun.result === 'asked') {
      const said = await ask(dependencies, begun.asked)
      return completeStepReview(dependencies, { asked: begun.asked, said })
    }
    await runCanary(dependencies, watched.workspace, begun.test)
  }
}

async function ask({ context }: ReviewDependencies, { candidate, messages, actionHash }: AskedStep): Promise<Said> {
  const { model } = candidate.bound
  if (model === null) return noVerdict('There is no model to be asked.')
  return askReviewer(model, { messages, actionHash, timeoutMs: context.settings.modelAnswerMs })
}

/** Ends a watch under which a step could not be judged. */
export async function giveUpWatch(
  { context }: ReviewDependencies,
  {
    workspace,
    sessionId,
    reviewer,
    stepId,
  }: Omit<WatchedStep, 'stepId' | 'corrections'> & { readonly stepId: string | null },
): Promise<void> {
  const reason = stepId === null ? 'The reviewer may not watch this run any more.' : 'A step could not be reviewed.'
  await inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    const session = await lockSession(tx, sessionId)
    if (session !== undefined) await leaveToPeople(context, tx, { session, reviewer, step: stepId, reason })
  })
}
