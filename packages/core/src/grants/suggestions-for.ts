import type { GrantMatcher, Suggestion } from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { ENOUGH_EVIDENCE, promotionEvidence } from '../maturity/promotion-evidence.ts'
import { RATES } from '../maturity/promotion-gates.ts'
import { promotionPolicyOf } from '../maturity/promotion-policy.ts'
import { type AskedBefore, findStanding, listDecided } from './history-store.ts'
import { matchesAttempt } from './matcher.ts'
import { isCovered } from './preview-grant.ts'
import { listGrantedActions } from './store.ts'
import { suggestMatcher } from './suggest-matcher.ts'

const DAY_MS = 86_400_000
const WINDOW_DAYS = 30
const GRANT_DAYS = 7
const LEAST_FOR_GRANT = 10
const MOST_READ = 1_000
const MOST_USES = 1_000

/** What suggestions are asked about. */
export interface SuggestionQuery {
  readonly agent: string
  /** Only about this action, and not about the agent as a whole. */
  readonly action?: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * What the record of an agent suggests, by what people decided since it got its maturity. A grant is suggested for an
 * action from 10 decisions in the last 30 days on, of which all but one in 20 approved just what was asked for; a promotion
 * for an intern of which the proposals are evidence enough.
 */
export async function suggestionsFor(tx: Tx, { agent, action, now }: SuggestionQuery): Promise<readonly Suggestion[]> {
  const standing = await findStanding(tx, agent)
  if (standing === undefined) return []
  const decided = await listDecided(tx, { agent, action: action ?? null, since: standing.since, limit: MOST_READ })
  const granted = await listGrantedActions(tx, agent, isoTime(now))
  const begin = Math.max(now - WINDOW_DAYS * DAY_MS, Date.parse(standing.since))
  const recent = decided.filter(({ decidedAt }) => decidedAt !== null && Date.parse(decidedAt) >= begin)
  const frame = { agent, since: isoTime(begin), now }
  const grants = [...groupByAction(recent)].flatMap(([name, history]) =>
    granted.includes(name) ? [] : grantSuggestion({ ...frame, action: name, history }),
  )
  const isIntern = standing.maturity === 'intern' && action === undefined
  const isWhole = isIntern && (await promotionPolicyOf(tx)).trust === 'agent'
  return isWhole ? [...promotionSuggestion({ ...frame, since: standing.since, history: decided }), ...grants] : grants
}

function groupByAction(decided: readonly AskedBefore[]): ReadonlyMap<string, readonly AskedBefore[]> {
  const groups = new Map<string, AskedBefore[]>()
  for (const one of decided) groups.set(one.action, [...(groups.get(one.action) ?? []), one])
  return groups
}

interface Frame {
  readonly agent: string
  readonly since: string
  readonly now: number
  readonly history: readonly AskedBefore[]
}

function grantSuggestion({ agent, action, since, now, history }: Frame & { readonly action: string }): Suggestion[] {
  const covered = history.filter(isCovered)
  const approved = covered.filter(isApprovedUnchanged)
  const counts = { approvedUnchanged: approved.length, decided: covered.length }
  if (counts.decided < LEAST_FOR_GRANT || !isNearlyAll(counts)) return []
  const text = `${counts.approvedUnchanged} of ${counts.decided} ${action} approved unchanged in ${daysSince(since, now)}.`
  const matcher = matcherOf(covered, approved)
  const uses = Math.min(MOST_USES, counts.approvedUnchanged)
  const expiresAt = isoTime(now + GRANT_DAYS * DAY_MS)
  const grant = matcher === null ? {} : { grant: { agent, action, matcher, uses, expiresAt, reason: text } }
  return [{ kind: 'grant', action, text, ...counts, since, ...grant }]
}

/** Nothing that people decided otherwise on may pass a matcher that is made of what they approved. */
function matcherOf(covered: readonly AskedBefore[], approved: readonly AskedBefore[]): GrantMatcher | null {
  const matcher = suggestMatcher(approved)
  const others = covered.filter((one) => !isApprovedUnchanged(one))
  return matcher === null || others.some((one) => matchesAttempt(matcher, one)) ? null : matcher
}

function promotionSuggestion({ since, now, history }: Frame): Suggestion[] {
  const settled = history.filter(({ state }) => state !== 'approved' && state !== 'executing')
  const succeeded = settled.filter((one) => isApprovedUnchanged(one) && one.state === 'succeeded')
  const counts = { approvedUnchanged: succeeded.length, decided: settled.length }
  const sample = { successes: succeeded.length, failures: settled.length - succeeded.length }
  if (promotionEvidence(sample, RATES.supervised) < ENOUGH_EVIDENCE) return []
  const text = `${counts.approvedUnchanged} of ${counts.decided} proposals approved unchanged and succeeded in ${daysSince(since, now)}: consider a promotion to supervised.`
  return [{ kind: 'promotion', action: null, text, ...counts, since }]
}

function isApprovedUnchanged({ state, unchanged }: AskedBefore): boolean {
  return unchanged && state !== 'rejected' && state !== 'responded'
}

function isNearlyAll({ approvedUnchanged, decided }: Pick<Suggestion, 'approvedUnchanged' | 'decided'>): boolean {
  return decided - approvedUnchanged <= Math.floor(decided / 20)
}

function daysSince(since: string, now: number): string {
  const days = Math.max(1, Math.ceil((now - Date.parse(since)) / DAY_MS))
  return days === 1 ? '1 day' : `${days} days`
}
