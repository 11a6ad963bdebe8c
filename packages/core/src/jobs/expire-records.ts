import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import type { EventKind } from '../journal/event-kinds.ts'
import { isoTime } from '../kernel/clock.ts'
import type { DueQuery, ExpiredRecord } from './store.ts'

const BATCH = 100

/** How one kind of record expires. */
export interface Expiry {
  readonly kind: EventKind
  readonly expire: (tx: Tx, query: DueQuery) => Promise<readonly ExpiredRecord[]>
}

/** Expires what is due in a workspace, batch by batch, each record in one transaction with its journal row. */
export async function expireRecords(context: GovernorContext, workspace: string, expiry: Expiry): Promise<number> {
  let total = 0
  for (;;) {
    const expired = await inWorkspace(context.database, { workspace }, async (tx) => {
      const records = await expiry.expire(tx, { at: isoTime(context.clock.now()), limit: BATCH })
      for (const { id, agent, action, decisionId, was } of records) {
        const body = { actor: 'system:jobs', action, decisionId, was }
        await context.journal.append(tx, { kind: expiry.kind, subject: id, agent, body })
      }
      return records.length
    })
    total += expired
    if (expired < BATCH) return total
  }
}
