import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { own } from '../kernel/own-property.ts'
import type { ReviewLimit } from '../policy/policy-document.ts'
import type { BoundProposal } from '../proposals/approval-store.ts'
import type { Settings } from '../settings.ts'
import { type ApprovedQuery, readApproved } from './review-store.ts'

const DAY_MS = 86_400_000

/** What an approval is measured by. */
export interface ApprovalLimits {
  readonly now: number
  readonly settings: Pick<Settings, 'reviewedPerAgent' | 'reviewedPerResource'>
  readonly limits: readonly ReviewLimit[]
}

type Approved = Pick<BoundProposal, 'agent' | 'action' | 'resource' | 'args'>

/**
 * Why reviewers may not approve this as well; null when they may. What is small each time is not small in sum: people
 * decide on what goes beyond, and on what cannot be measured.
 */
export async function limitReached(tx: Tx, proposal: Approved, bounds: ApprovalLimits): Promise<string | null> {
  const { settings, limits } = bounds
  const since = isoTime(bounds.now - DAY_MS)
  const builtIn: readonly ReviewLimit[] = [
    { per: 'agent', most: settings.reviewedPerAgent },
    ...(proposal.resource === null ? [] : [{ per: 'target' as const, most: settings.reviewedPerResource }]),
  ]
  for (const limit of [...builtIn, ...limits]) {
    if (limit.action !== undefined && limit.action !== proposal.action) continue
    const reason = await oneReached(tx, proposal, { limit, since })
    if (reason !== null) return reason
  }
  return null
}

async function oneReached(
  tx: Tx,
  proposal: Approved,
  { limit, since }: { readonly limit: ReviewLimit; readonly since: string },
): Promise<string | null> {
  const query = queryFor(proposal, { limit, since })
  const cost = costOf(limit, proposal)
  if (query === null || cost === null)
    return `A limit of what reviewers approve cannot be measured here: ${nameOf(limit)}.`
  const { uses, spent } = await readApproved(tx, query)
  const used = limit.spend === undefined ? uses : spent
  return used + cost <= limit.most ? null : `What reviewers approve in 24 hours is used up: ${nameOf(limit)}.`
}

/** Null where the args do not say what the target is. */
function queryFor(
  { agent, action, resource, args }: Approved,
  { limit, since }: { readonly limit: ReviewLimit; readonly since: string },
): ApprovedQuery | null {
  const base = {
    since,
    agent: limit.per === 'agent' ? agent : null,
    action: limit.action === undefined ? null : action,
    resource: null,
    target: null,
    spend: limit.spend ?? null,
  }
  if (limit.per !== 'target') return base
  if (limit.target === undefined) return resource === null ? null : { ...base, resource }
  const value = own(args, limit.target)
  return value === undefined ? null : { ...base, target: { name: limit.target, value } }
}

/** Null for an amount that is none: less than nothing would refill the limit. */
function costOf({ spend }: ReviewLimit, { args }: Approved): number | null {
  if (spend === undefined) return 1
  const amount = own(args, spend)
  return typeof amount === 'number' && Number.isFinite(amount) && amount >= 0 ? amount : null
}

function nameOf({ action, per, target, spend, most }: ReviewLimit): string {
  const what = spend === undefined ? `${most} approvals` : `${most} of "${spend}"`
  const whom = per === 'target' && target !== undefined ? `target by "${target}"` : per
  return `${what} for one ${whom}${action === undefined ? '' : `, of ${action}`}`
}
