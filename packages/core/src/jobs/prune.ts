import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { pruneChanges } from '../routing/change-store.ts'
import {
  type DueQuery,
  pruneDeliveries,
  pruneIdempotencyKeys,
  pruneLimitCounters,
  pruneLimitUses,
  prunePresenceSessions,
  pruneRateLimits,
} from './store.ts'

const BATCH = 1_000
// Longer than the longest window of a limit, which is a day.
const COUNTERS_KEPT_MS = 2 * 86_400_000
// Clocks of processes differ a little.
const RATES_KEPT_MS = 3_600_000
const DELIVERIES_KEPT_MS = 30 * 86_400_000
const SESSIONS_KEPT_MS = 30 * 86_400_000

/** Removes what nothing looks at any more: old answers, counters, uses of limits, rates, deliveries, presence sessions and changes. Gives how many rows. */
export async function prune(context: GovernorContext): Promise<number> {
  const now = context.clock.now()
  const answers = await pruneAll(context, pruneIdempotencyKeys, now)
  const counters = await pruneAll(context, pruneLimitCounters, now - COUNTERS_KEPT_MS)
  const uses = await pruneAll(context, pruneLimitUses, now - COUNTERS_KEPT_MS)
  const rates = await pruneAll(context, pruneRateLimits, now - RATES_KEPT_MS)
  const deliveries = await pruneAll(context, pruneDeliveries, now - DELIVERIES_KEPT_MS)
  const sessions = await pruneAll(context, prunePresenceSessions, now - SESSIONS_KEPT_MS)
  const changes = await inWorkspace(context.database, { workspace: '*', role: 'system' }, pruneChanges)
  return answers + counters + uses + rates + deliveries + sessions + changes
}

async function pruneAll(
  context: GovernorContext,
  remove: (tx: Tx, query: DueQuery) => Promise<number>,
  before: number,
): Promise<number> {
  let total = 0
  for (;;) {
    const query = { at: isoTime(before), limit: BATCH }
    const removed = await inWorkspace(context.database, { workspace: '*', role: 'system' }, (tx) => remove(tx, query))
    total += removed
    if (removed < BATCH) return total
  }
}
