import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { factsAbout } from '../routing/current-facts.ts'
import { settleActor } from '../settle-actor.ts'
import { againSince } from '../supervision/agent-watch.ts'
import { isForPeople, wasLeftToPeople } from '../supervision/agent-watch-store.ts'
import { listSteps, type StepRow } from '../supervision/step-store.ts'
import { attachSession, countOtherSessions, lockSession } from '../supervision/store.ts'
import { tellSession } from '../supervision/tell-session.ts'
import { type KnownCandidate, readCandidates } from './read-candidates.ts'
import type { ReviewDependencies } from './review-dependencies.ts'
import { whyNotAsked } from './reviewer-budget.ts'
import { holdReviews } from './reviewer-store.ts'
import { type Reviewed, selectReviewer } from './select-reviewer.ts'
import { holderName, isFree, mayWatch, watchedOf } from './watch-rules.ts'

const MOST_STEPS = 100

/** A session of a workspace. */
export interface SessionPlace {
  readonly workspace: string
  readonly id: string
}

/**
 * Lets a reviewer of this process watch a session that no person watches; gives which, or null where none may. Nobody
 * names it: it is chosen as for a proposal, and its record must be good enough for everything that waits.
 */
export function attachReviewer(
  dependencies: ReviewDependencies,
  { workspace, id }: SessionPlace,
): Promise<string | null> {
  const { context, gate } = dependencies
  return inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    await holdReviews(tx)
    const session = await lockSession(tx, id)
    const now = context.clock.now()
    if (session === undefined || !isFree(session, now)) return null
    const waiting = await waitingSteps(dependencies, tx, { id, now })
    if (waiting.length === 0) return null
    const { stops, policy } = await factsAbout(gate, tx, { agents: [session.agent], hold: false })
    if (!policy.supervision.reviewers) return null
    const candidates = (await readCandidates(dependencies, tx, { stops })).filter((one) => mayWatch(one, waiting))
    const reviewed = await watchedOf(tx, session.agent, waiting)
    const reviewer = await choose(dependencies, tx, { id, candidates, reviewed })
    if (reviewer === undefined || (await whyNotAsked(context, tx, { reviewer, characters: 0 })) !== null) return null
    const supervisor = holderName(reviewer.agent.id)
    const leaseExpiresAt = isoTime(now + context.settings.supervisorLeaseMs)
    if (!(await attachSession(tx, id, { supervisor, at: isoTime(now), leaseExpiresAt, takesOver: false }))) return null
    const actor = settleActor({ workspace, principal: { kind: 'agent', id: reviewer.agent.id, roles: [] } })
    const body = { before: session.supervisorId, by: reviewer.bound.by }
    await tellSession(context, tx, { session, kind: 'supervision_session.attached', actor, body })
    return reviewer.agent.id
  })
}

/** What waits in a session, where all of it is for reviewers and one of them may come for it now. */
async function waitingSteps(
  { context }: Pick<ReviewDependencies, 'context'>,
  tx: Tx,
  { id, now }: { readonly id: string; readonly now: number },
): Promise<readonly StepRow[]> {
  const waiting = (await listSteps(tx, { session: id, limit: MOST_STEPS })).filter(({ state }) => state === 'waiting')
  const isOpen = waiting.some(({ reviewerUntil }) => reviewerUntil !== null && Date.parse(reviewerUntil) > now)
  if (!isOpen || (await isForPeople(tx, id))) return []
  const since = againSince(context)
  for (const step of waiting) if (await wasLeftToPeople(tx, { ...step, since })) return []
  return waiting
}

async function choose(
  { context }: Pick<ReviewDependencies, 'context'>,
  tx: Tx,
  {
    id,
    candidates,
    reviewed,
  }: { readonly id: string; readonly candidates: readonly KnownCandidate[]; readonly reviewed: Reviewed },
): Promise<KnownCandidate | undefined> {
  const at = isoTime(context.clock.now())
  const busy: KnownCandidate[] = []
  for (const candidate of candidates) {
    const watching = await countOtherSessions(tx, id, { supervisor: holderName(candidate.agent.id), at })
    busy.push({ ...candidate, load: candidate.load + watching })
  }
  const chosen = selectReviewer(busy, reviewed, context.settings.reviewsPerReviewer)
  return busy.find(({ agent }) => agent.id === chosen?.agent.id)
}
