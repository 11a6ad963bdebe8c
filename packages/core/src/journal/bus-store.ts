import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../database/pool.ts'

/** The channels on which processes tell each other, at a commit, to look; what comes on them is a hint. */
export const CHANNELS = {
  /** Rows of the journal of a workspace were sealed. */
  journal: 'preceptor_journal',
  /** Something was added to what is named, by the process that is named before it. */
  topics: 'preceptor_topics',
} as const

/** One of the channels. */
export type Channel = keyof typeof CHANNELS

/** Tells every process that listens about a workspace, once the transaction commits, as what a statement selects. */
export function telling(channel: Channel, workspace: string): SQL {
  return sql`pg_notify(${CHANNELS[channel]}, ${workspace})::text`
}

/** Tells every process that listens at once: a statement that is its own transaction, and one trip to the database. */
export async function notifyNow(on: Queryable, channel: Channel, payloads: readonly string[]): Promise<void> {
  const text = 'select pg_notify($1, payload) from unnest($2::text[]) as told (payload)'
  await on.query({ text, values: [CHANNELS[channel], payloads] })
}
