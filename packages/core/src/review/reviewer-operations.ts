import { GovernanceError, type Page, type PageQuery, type Reviewer } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import { findAgent, hasHadHandIn } from '../agents/store.ts'
import { clearAlert } from '../alerts/raise-alert.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorText, pageOf, parseLimit } from '../kernel/pagination.ts'
import { reviewReason } from '../proposals/review-schemas.ts'
import type { ReviewDependencies } from './review-dependencies.ts'
import { standingOf } from './reviewer-standing.ts'
import { ensureReviewer, holdReviews, listReviewerRows, moveReviewer, readShown } from './reviewer-store.ts'
import { suspendIn } from './suspend-reviewer.ts'

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readReviewers(
  dependencies: ReviewDependencies,
  actor: Actor,
  query: PageQuery,
): Promise<Page<Reviewer>> {
  authorize(actor, 'reviewers.list')
  const limit = parseLimit(query.limit)
  const after = cursorText(query.cursor)
  const { workspace } = actor
  const reviewers = await inWorkspace(dependencies.context.database, { workspace }, async (tx) => {
    const stored = (await listReviewerRows(tx, { after, limit: limit + 1 })).map(({ agent }) => agent)
    // Those of this process that nobody has asked yet; one that there is no agent of is none.
    const bound = [...dependencies.reviewers.of(workspace).keys()].filter((agent) => agent > after)
    const ids = [...new Set([...stored, ...bound])].sort().slice(0, limit + 1)
    const found: Reviewer[] = []
    for (const id of ids)
      if ((await findAgent(tx, id)) !== undefined) found.push(await reviewerOf(dependencies, tx, id))
    return found
  })
  return pageOf(reviewers, limit, ({ agent }) => [agent])
}

/** What moves a reviewer. */
export interface ReviewerMove {
  readonly agent: string
  readonly reason: string
}

/** @throws GovernanceError `CONFLICT` when it is suspended, `NOT_FOUND`, `PERMISSION_DENIED`, `INPUT_INVALID`. */
export async function suspendReviewer(
  dependencies: ReviewDependencies,
  actor: Actor,
  { agent, reason }: ReviewerMove,
): Promise<Reviewer> {
  authorize(actor, 'reviewers.suspend')
  const said = parseInput(reviewReason, reason, 'reason')
  const { context } = dependencies
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    await holdReviews(tx)
    await assertReviewer(dependencies, tx, agent)
    if (!(await suspendIn(context, tx, { agent, by: actorName(actor), reason: said })))
      throw notMoved(agent, 'suspended')
    return reviewerOf(dependencies, tx, agent)
  })
}

/**
 * Lets a reviewer in again; what it showed before counts no more.
 *
 * @throws GovernanceError `CONFLICT` when it is not suspended, `PERMISSION_DENIED` also for who has a hand in the agent,
 * `NOT_FOUND`, `INPUT_INVALID`.
 */
export async function resumeReviewer(
  dependencies: ReviewDependencies,
  actor: Actor,
  { agent, reason }: ReviewerMove,
): Promise<Reviewer> {
  authorize(actor, 'reviewers.resume')
  const said = parseInput(reviewReason, reason, 'reason')
  const { context } = dependencies
  const by = actorName(actor)
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    await holdReviews(tx)
    await assertReviewer(dependencies, tx, agent)
    if (await hasHadHandIn(tx, agent, actor.principal.id)) {
      throw new GovernanceError('PERMISSION_DENIED', {
        message: `${by} owns the agent, has owned it or has handed it over and cannot decide on it.`,
        hint: 'Let somebody else decide.',
      })
    }
    const at = isoTime(context.clock.now())
    if (!(await moveReviewer(tx, { agent, to: 'active', by, reason: said, at }))) throw notMoved(agent, 'active')
    const body = { actor: by, reason: redactText(said) }
    await context.journal.append(tx, { kind: 'reviewer.resumed', subject: agent, agent, body })
    await clearAlert(context, tx, { code: 'REVIEWER_SUSPENDED', subject: agent })
    return reviewerOf(dependencies, tx, agent)
  })
}

/** One that nobody has asked yet may be suspended as well. */
async function assertReviewer({ context, reviewers }: ReviewDependencies, tx: Tx, agent: string): Promise<void> {
  const isBound = reviewers.of(tx.workspace).has(agent)
  const isStored = (await listReviewerRows(tx, { only: [agent] })).length > 0
  if (isStored) return
  if (!isBound || (await findAgent(tx, agent)) === undefined) throw recordNotFound('reviewer', agent)
  await ensureReviewer(tx, agent, { by: 'system:reviewer', at: isoTime(context.clock.now()) })
}

async function reviewerOf({ context, reviewers }: ReviewDependencies, tx: Tx, agent: string): Promise<Reviewer> {
  const by = reviewers.of(tx.workspace).get(agent)?.by ?? null
  const [row] = await listReviewerRows(tx, { only: [agent] })
  const busySince = isoTime(context.clock.now() - 2 * context.settings.modelAnswerMs)
  const shown = await readShown(tx, { reviewer: agent, by: by ?? '', busySince })
  return {
    agent,
    state: row?.state ?? 'active',
    by,
    record: standingOf(by ?? '', shown).record,
    changedBy: row?.changedBy ?? null,
    reason: row?.reason ?? null,
    changedAt: row?.changedAt ?? null,
  }
}

function notMoved(agent: string, state: string): GovernanceError {
  return new GovernanceError('CONFLICT', { message: `The reviewer ${agent.slice(0, 60)} is ${state} already.` })
}
