import { listAgents } from '../agents/store.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { OpenStop } from '../routing/facts.ts'
import { stopFor } from '../routing/stop-for.ts'
import { ASKED_BY, type ReviewDependencies } from './review-dependencies.ts'
import type { BoundReviewer } from './reviewer-binding.ts'
import { type ReviewerStanding, standingOf } from './reviewer-standing.ts'
import { ensureReviewer, listReviewerRows, readShown, type ShownBefore } from './reviewer-store.ts'
import type { Candidate } from './select-reviewer.ts'
import { suspendIn } from './suspend-reviewer.ts'

/** An agent that could review here, with what it is bound to and what it has shown. */
export interface KnownCandidate extends Candidate {
  readonly bound: BoundReviewer
  readonly shown: ShownBefore
  readonly standing: ReviewerStanding
}

/**
 * Reads the agents that this process can ask, as they stand. One whose record does not let it go on is suspended here:
 * before anybody is asked, and not some time later.
 */
export async function readCandidates(
  { context, reviewers }: Pick<ReviewDependencies, 'context' | 'reviewers'>,
  tx: Tx,
  { stops, only }: { readonly stops: readonly OpenStop[]; readonly only?: string },
): Promise<readonly KnownCandidate[]> {
  const { clock, settings } = context
  const bound = reviewers.of(tx.workspace)
  const ids = only === undefined ? [...bound.keys()] : [only]
  if (ids.length === 0) return []
  const agents = await listAgents(tx, { only: ids, after: '', limit: ids.length })
  const at = isoTime(clock.now())
  for (const { id } of agents) await ensureReviewer(tx, id, { by: ASKED_BY, at })
  const states = new Map((await listReviewerRows(tx, { only: ids })).map((row) => [row.agent, row.state]))
  // A call that its process did not live to end holds no place for ever.
  const busySince = isoTime(clock.now() - 2 * settings.modelAnswerMs)
  const candidates: KnownCandidate[] = []
  for (const agent of agents) {
    const binding = bound.get(agent.id)
    if (binding === undefined) continue
    const shown = await readShown(tx, { reviewer: agent.id, by: binding.by, busySince })
    const standing = standingOf(binding.by, shown)
    const isOut = states.get(agent.id) !== 'active'
    if (!isOut && standing.suspendFor !== null) {
      await suspendIn(context, tx, { agent: agent.id, by: ASKED_BY, reason: standing.suspendFor })
    }
    candidates.push({
      agent,
      bound: binding,
      shown,
      standing,
      isSuspended: isOut || standing.suspendFor !== null,
      isStopped: stopFor(stops, [agent.id]) !== undefined,
      load: shown.load,
      record: standing.record.share.medium + standing.record.share.safe,
    })
  }
  return candidates
}
