import type { Identity } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, rowOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** A ticket as it is stored: its hash, and never itself. */
export interface NewStreamTicket {
  readonly ticketHash: string
  readonly path: string
  readonly identity: Identity
  readonly createdAt: string
  readonly expiresAt: string
}

/** Stores a ticket. */
export async function insertStreamTicket(tx: Tx, ticket: NewStreamTicket): Promise<void> {
  await countOf(
    tx,
    sql`insert into stream_tickets (workspace_id, ticket_sha256, path, identity, created_at, expires_at)
        values (${tx.workspace}, ${ticket.ticketHash}, ${ticket.path}, ${JSON.stringify(ticket.identity)}::jsonb,
          ${ticket.createdAt}, ${ticket.expiresAt})`,
  )
}

/** Removes tickets that expired, some at a time. */
export async function removeStreamTickets(tx: Tx, expiredBefore: string): Promise<void> {
  await countOf(
    tx,
    sql`delete from stream_tickets where workspace_id = ${tx.workspace} and ticket_sha256 in (
          select ticket_sha256 from stream_tickets
          where workspace_id = ${tx.workspace} and expires_at < ${expiredBefore} order by expires_at limit 100
          for update skip locked)`,
  )
}

/** Redeems a ticket for its path; undefined when there is none, it was redeemed, or it has expired. */
export async function redeemStreamTicketRow(
  tx: Tx,
  ticket: { readonly ticketHash: string; readonly path: string; readonly at: string },
): Promise<Identity | undefined> {
  const row = await rowOf<{ readonly identity: Identity }>(
    tx,
    sql`update stream_tickets set redeemed_at = ${ticket.at}
        where workspace_id = ${tx.workspace} and ticket_sha256 = ${ticket.ticketHash} and path = ${ticket.path}
          and redeemed_at is null and expires_at > ${ticket.at}::timestamptz
        returning identity`,
  )
  return row?.identity
}
