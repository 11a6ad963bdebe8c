import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { eachRecord } from './each-record.ts'
import { floorOf } from './levels.ts'
import { promotionPolicyOf } from './promotion-policy.ts'
import { recordEvidence } from './record-evidence.ts'
import { lockRecord, type RecordKey } from './store.ts'
import { findUse, findUsePlace, listUnused, noteUses } from './use-store.ts'

const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS
const IDLE_MS = 30 * DAY_MS
const DECAY_A_WEEK = 100
const JOURNAL_ROWS = 5_000

/**
 * Takes confidence from what is not used: after 30 days 100 basis points for each further week, down to the floor of the
 * band of its level and never below. It may run as often as one likes: a week counts once. Gives how many entries it wrote.
 */
export async function decay(context: GovernorContext, workspace: string): Promise<number> {
  await noteNewUses(context, workspace)
  const before = isoTime(context.clock.now() - IDLE_MS - WEEK_MS)
  return eachRecord(context, workspace, {
    name: 'decay',
    list: async (tx, page) => listUnused(tx, { trust: (await promotionPolicyOf(tx)).trust, before, ...page }),
    act: (tx, key) => decayRecord(context, tx, key),
  })
}

async function noteNewUses(context: GovernorContext, workspace: string): Promise<void> {
  let after = await inWorkspace(context.database, { workspace }, findUsePlace)
  for (;;) {
    const part = { after, limit: JOURNAL_ROWS }
    const { read, position } = await inWorkspace(context.database, { workspace }, (tx) => noteUses(tx, part))
    if (read < JOURNAL_ROWS) return
    after = position
  }
}

async function decayRecord(context: GovernorContext, tx: Tx, key: RecordKey): Promise<boolean> {
  const record = await lockRecord(tx, key)
  const use = await findUse(tx, key)
  if (record === undefined || use === undefined) return false
  const idle = context.clock.now() - Date.parse(use.usedAt) - IDLE_MS
  const weeks = Math.floor(idle / WEEK_MS)
  const due = DECAY_A_WEEK * Math.max(0, weeks - weeksOf(use))
  const left = Math.max(0, record.confidence - floorOf(record.maturity))
  if (due === 0 || left === 0) return false
  const { counted } = await recordEvidence(context, tx, {
    ...key,
    kind: 'decay',
    requested: -due,
    allowed: -Math.min(due, left),
    sourceType: 'decay',
    sourceId: `${use.usedAt}/${weeks}`,
    actor: 'system:decay',
    reason: `Not used since ${use.usedAt.slice(0, 10)}.`,
  })
  return counted
}

/** The weeks that were taken off since the same last use. */
function weeksOf({ usedAt, decayed }: { readonly usedAt: string; readonly decayed: string | null }): number {
  const [since, weeks] = decayed?.split('/') ?? []
  return since === usedAt ? Number(weeks) : 0
}
