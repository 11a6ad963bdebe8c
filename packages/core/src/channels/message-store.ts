import type { ChannelMessage, ChannelMessageKey } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, rowOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** Finds what a channel kept of a message. */
export async function findMessage(tx: Tx, key: ChannelMessageKey): Promise<ChannelMessage | undefined> {
  return rowOf<{ place: string; reference: string; shown: string }>(
    tx,
    sql`select place, reference, shown from channel_messages
        where workspace_id = ${tx.workspace} and channel = ${key.channel} and subject_id = ${key.subject}
          and part = ${key.part}`,
  )
}

/** Keeps a message; where one is kept already, where it is stays as it was. */
export async function upsertMessage(
  tx: Tx,
  { key, message, at }: { readonly key: ChannelMessageKey; readonly message: ChannelMessage; readonly at: string },
): Promise<void> {
  await countOf(
    tx,
    sql`insert into channel_messages (workspace_id, channel, subject_id, part, place, reference, shown, created_at,
          updated_at)
        values (${tx.workspace}, ${key.channel}, ${key.subject}, ${key.part}, ${message.place}, ${message.reference},
          ${message.shown}, ${at}, ${at})
        on conflict (workspace_id, channel, subject_id, part)
        do update set shown = excluded.shown, updated_at = excluded.updated_at`,
  )
}
