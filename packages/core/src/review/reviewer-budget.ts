import { GovernanceError } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { KnownCandidate } from './read-candidates.ts'
import { readReviewUse } from './reviewer-store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const FAULTS_IN_A_ROW = 5

/** A question that would be put to a reviewer. */
export interface NextQuestion {
  readonly reviewer: Pick<KnownCandidate, 'agent' | 'bound'>
  /** Length of the question. */
  readonly characters: number
}

/**
 * Why a reviewer is not asked now, in the transaction that notes the question: the budget of the workspace, or a model
 * that keeps failing. Null when it is.
 */
export async function whyNotAsked(
  { clock, settings }: Pick<GovernorContext, 'clock' | 'settings'>,
  tx: Tx,
  { reviewer: { agent, bound }, characters }: NextQuestion,
): Promise<GovernanceError | null> {
  // Rules cost nothing and never fail.
  if (bound.model === null) return null
  const now = clock.now()
  const spans = { hourAgo: isoTime(now - HOUR_MS), dayAgo: isoTime(now - DAY_MS) }
  const use = await readReviewUse(tx, { reviewer: agent.id, ...spans })
  if (use.asked >= settings.reviewsPerHour || use.characters + characters > settings.reviewCharactersPerDay) {
    return later('The autonomous reviewers of this workspace were asked as much as they may be.')
  }
  const isOpen =
    use.faults >= FAULTS_IN_A_ROW && use.lastAt !== null && Date.parse(use.lastAt) > now - settings.reviewBreakerMs
  return isOpen
    ? later(`The reviewer ${agent.id} gave no verdict five times in a row and is left alone for now.`)
    : null
}

function later(message: string): GovernanceError {
  return new GovernanceError('LIMIT_EXCEEDED', { message, hint: 'Decide yourself, or try again later.' })
}
