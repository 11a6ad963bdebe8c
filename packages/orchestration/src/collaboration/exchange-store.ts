import type { JsonObject } from '@preceptor/client'
import { countOf, isoOf, rowOf, rowsOf, type Tx } from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'
import type { CollaborationContext, CollaborationMessage } from '../client/collaboration.ts'
import type { MemberName } from '../client/member-name.ts'

interface MessageRow {
  readonly id: string
  readonly number: number
  readonly author: MemberName
  readonly text: string
  readonly created_at: string
}

/** Writes a message. */
export async function insertMessage(tx: Tx, collaboration: string, message: CollaborationMessage): Promise<void> {
  await countOf(
    tx,
    sql`insert into collaboration_messages (id, workspace_id, collaboration_id, number, author, text, created_at)
        values (${message.id}, ${tx.workspace}, ${collaboration}, ${message.number}, ${message.author}, ${message.text},
          ${message.createdAt})`,
  )
}

/** Reads messages after a number, oldest first; one more than the limit. */
export async function listMessages(
  tx: Tx,
  collaboration: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<readonly CollaborationMessage[]> {
  const rows = await rowsOf<MessageRow>(
    tx,
    sql`select id, number, author, text, created_at from collaboration_messages
        where workspace_id = ${tx.workspace} and collaboration_id = ${collaboration} and number > ${after}
        order by number limit ${limit + 1}`,
  )
  return rows.map(({ created_at, ...message }) => ({ ...message, createdAt: isoOf(created_at) }))
}

interface ContextRow {
  readonly version: number
  readonly value: JsonObject
  readonly author: string
  readonly created_at: string
}

/** Writes a version of what the members share. */
export async function insertContext(tx: Tx, collaboration: string, context: CollaborationContext): Promise<void> {
  await countOf(
    tx,
    sql`insert into collaboration_contexts (workspace_id, collaboration_id, version, value, author, created_at)
        values (${tx.workspace}, ${collaboration}, ${context.version}, ${JSON.stringify(context.value)}::jsonb,
          ${context.author}, ${context.createdAt})`,
  )
}

/** Reads a version of what the members share. */
export async function findContext(
  tx: Tx,
  collaboration: string,
  version: number,
): Promise<CollaborationContext | undefined> {
  const row = await rowOf<ContextRow>(
    tx,
    sql`select version, value, author, created_at from collaboration_contexts
        where workspace_id = ${tx.workspace} and collaboration_id = ${collaboration} and version = ${version}`,
  )
  return row && { version: row.version, value: row.value, author: row.author, createdAt: isoOf(row.created_at) }
}
