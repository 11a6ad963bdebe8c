import { type AgentReview, GovernanceError } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { inWorkspace } from '../database/transaction.ts'
import { getProposal } from '../proposals/review-proposal.ts'
import { askAbout } from './ask-about.ts'
import type { Said } from './ask-reviewer.ts'
import { type AskedReview, beginReview } from './begin-review.ts'
import { completeReview } from './complete-review.ts'
import type { ReviewDependencies } from './review-dependencies.ts'
import { runCanary } from './run-canary.ts'

/**
 * Asks an autonomous reviewer about the present version of a proposal; who asks does not choose which.
 *
 * @throws GovernanceError `CONFLICT` when no reviewer may look at it, `LIMIT_EXCEEDED`, `PROPOSAL_DECIDED`,
 * `PERMISSION_DENIED`, `NOT_FOUND`, or the code of a fault.
 */
export async function reviewByAgent(dependencies: ReviewDependencies, actor: Actor, id: string): Promise<AgentReview> {
  authorize(actor, 'proposals.review')
  const { workspace } = actor
  await inWorkspace(dependencies.context.database, { workspace }, (tx) =>
    getProposal(tx, actor, { operation: 'proposals.review', id }),
  )
  return reviewVersion(dependencies, { workspace, id, askedBy: actorName(actor) })
}

// A reviewer that fails its test makes room for the next one, which is tested as well.
const MOST_TESTS = 5

/** Reviews the present version, once: what was reviewed before is answered with what was said then. */
export async function reviewVersion(
  dependencies: ReviewDependencies,
  { workspace, id, askedBy }: { readonly workspace: string; readonly id: string; readonly askedBy: string },
): Promise<AgentReview> {
  const tested = new Set<string>()
  for (let turn = 0; turn < MOST_TESTS; turn += 1) {
    const begun = await beginReview(dependencies, { workspace, id, askedBy, tested })
    switch (begun.result) {
      case 'reviewed':
        return begun.review
      case 'refused':
        throw begun.error
      case 'untested':
        tested.add(begun.reviewer.agent.id)
        await runCanary(dependencies, workspace, begun)
        break
      case 'asked':
        return completeReview(dependencies, { workspace, asked: begun, said: await ask(dependencies, begun) })
      default:
        begun satisfies never
    }
  }
  throw new GovernanceError('CONFLICT', { message: `No autonomous reviewer passed its test for ${id}.` })
}

async function ask({ context }: ReviewDependencies, { reviewer, facts, messages }: AskedReview): Promise<Said> {
  const said = await askAbout({ bound: reviewer.bound, facts, messages, timeoutMs: context.settings.modelAnswerMs })
  await context.failpoint('review.after_answer')
  return said
}
