import { sql } from 'drizzle-orm'
import type { Queryable } from '../database/pool.ts'
import { countOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** The channels on which processes tell each other, at a commit, to look; what comes on them is a hint. */
export const CHANNELS = {
  /** Rows of the journal of a workspace were sealed. */
  journal: 'preceptor_journal',
  /** Something was added to what is named, by the process that is named before it. */
  topics: 'preceptor_topics',
} as const

/** One of the channels. */
export type Channel = keyof typeof CHANNELS

/** Tells every process that listens, once the transaction commits; ids only. */
export async function notify(tx: Tx, channel: Channel, payloads: readonly string[]): Promise<void> {
  await countOf(
    tx,
    sql`select pg_notify(${CHANNELS[channel]}, payload) from unnest(${sql.param(payloads)}::text[]) as told (payload)`,
  )
}

/** Tells every process that listens at once: a statement that is its own transaction, and one trip to the database. */
export async function notifyNow(on: Queryable, channel: Channel, payloads: readonly string[]): Promise<void> {
  const text = 'select pg_notify($1, payload) from unnest($2::text[]) as told (payload)'
  await on.query({ text, values: [CHANNELS[channel], payloads] })
}
