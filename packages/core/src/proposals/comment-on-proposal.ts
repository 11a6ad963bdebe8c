import type { Page, PageQuery, ProposalComment } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { personText } from '../access/person-text.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorTimePlace, pageOf, parseLimit } from '../kernel/pagination.ts'
import { insertComment, listComments } from './comment-store.ts'
import { getProposal } from './review-proposal.ts'

const input = personText(4_000)

/**
 * Leaves a note for the other reviewers of a proposal, whatever its state. What it says stays with the proposal: the
 * journal, which agents may read of, holds that there is one.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, `NOT_FOUND`, or the code of a fault.
 */
export async function commentOnProposal(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly text: string },
): Promise<ProposalComment> {
  authorize(actor, 'proposals.comment')
  const text = parseInput(input, request.text, 'text')
  const { id: proposalId } = request
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const { agent } = await getProposal(tx, actor, { operation: 'proposals.comment', id: proposalId })
    const author = actorName(actor)
    const id = context.ids.next('cmt')
    const comment = { id, proposalId, author, text, createdAt: isoTime(context.clock.now()) }
    await insertComment(tx, comment)
    const body = { actor: author, commentId: id }
    await context.journal.append(tx, { kind: 'proposal.commented', subject: proposalId, agent, body })
    return comment
  })
}

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readComments(
  context: GovernorContext,
  actor: Actor,
  request: PageQuery & { readonly id: string },
): Promise<Page<ProposalComment>> {
  authorize(actor, 'proposals.comments')
  const { id: proposal } = request
  const limit = parseLimit(request.limit)
  const after = cursorTimePlace(request.cursor)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getProposal(tx, actor, { operation: 'proposals.comments', id: proposal })
    const comments = await listComments(tx, { proposal, after, limit })
    return pageOf(comments, limit, ({ createdAt, id }) => [createdAt, id])
  })
}
