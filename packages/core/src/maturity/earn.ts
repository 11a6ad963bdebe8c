import { userOf } from '../access/actor.ts'
import { hasHadHandIn } from '../agents/store.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { recordNotFound } from './agent-record.ts'
import { countFact } from './count-fact.ts'
import { type Evidence, isSuccess, requestedDelta } from './evidence.ts'
import { type EvidenceFact, insertEvidence } from './evidence-store.ts'
import { openRecord } from './open-record.ts'
import { promotionPolicyOf } from './promotion-policy.ts'
import type { MaturityRecord } from './store.ts'

/** One fact that an agent is judged by. */
export interface Earning {
  readonly agent: string
  readonly capability: string
  readonly evidence: Evidence
  /** Id of what the fact is about; together with the kind it counts once. */
  readonly sourceId: string
  /** The people who vouch for it. */
  readonly reviewers?: readonly string[]
  /** Decided in bulk too fast to be read: it counts half. */
  readonly half?: boolean
  /** When what it is about began, where that is not now; ISO 8601. */
  readonly beganAt?: string
  readonly actor: string
  readonly reason: string
}

/**
 * Counts a fact in the ledger and changes the level that follows from it, in the caller's transaction, which holds the
 * agent alone from here on. A fact that was noted before changes nothing.
 *
 * @throws GovernanceError `NOT_FOUND` when there is no such agent, `INPUT_INVALID` for evidence out
 * of range.
 */
export async function earn(context: GovernorContext, tx: Tx, earning: Earning): Promise<MaturityRecord> {
  const record = await openRecord(context, tx, earning)
  if (record === undefined) throw recordNotFound(earning)
  const fact = factOf(context, earning)
  if (!(await insertEvidence(tx, fact))) return record
  return countFact(context, tx, { record, fact, policy: await promotionPolicyOf(tx) })
}

/**
 * Notes a fact, to be counted soon: nothing but a row is written, so that it may be noted wherever an agent must not be
 * held alone. What somebody says for an agent in which they have a hand is not noted, unless there is but one person.
 *
 * @throws GovernanceError `INPUT_INVALID` for evidence out of range.
 */
export async function noteEvidence(
  context: Pick<GovernorContext, 'clock' | 'ids'>,
  tx: Tx,
  earning: Earning,
): Promise<void> {
  // Out of range, it is refused here rather than when it is counted.
  const requested = requestedDelta(earning.evidence, 'earned')
  const fact = factOf(context, earning)
  const speaksFor = requested > 0 || fact.success === true
  if (!(speaksFor && (await isOwnPraise(tx, fact)))) await insertEvidence(tx, fact)
}

/** Whether it is said by somebody who has a hand in the agent, where there are others to say it. */
async function isOwnPraise(tx: Tx, { agent, reviewers }: EvidenceFact): Promise<boolean> {
  const users = reviewers.flatMap((name) => userOf(name) ?? [])
  if (users.length === 0 || !(await hasHadHandIn(tx, agent, ...users))) return false
  return !(await promotionPolicyOf(tx)).onePerson
}

function factOf(context: Pick<GovernorContext, 'clock' | 'ids'>, earning: Earning): EvidenceFact {
  const { agent, capability, evidence, sourceId, reviewers = [], half = false, actor, reason } = earning
  const at = earning.beganAt ?? isoTime(context.clock.now())
  const success = isSuccess(evidence)
  return {
    id: context.ids.next('evd'),
    agent,
    capability,
    evidence,
    success,
    half,
    reviewers,
    sourceId,
    actor,
    reason,
    at,
  }
}
