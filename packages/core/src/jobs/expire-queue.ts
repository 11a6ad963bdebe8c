import type { GovernorContext } from '../context.ts'
import { expireRecords } from './expire-records.ts'
import { expireDueQueueEntries } from './store.ts'

/** Ends the queue entries of a workspace that waited too long for a supervisor; gives how many. */
export function expireQueue(context: GovernorContext, workspace: string): Promise<number> {
  return expireRecords(context, workspace, { kind: 'queue_entry.expired', expire: expireDueQueueEntries })
}
