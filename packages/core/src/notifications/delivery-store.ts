import { sql } from 'drizzle-orm'
import { countOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** Begins to follow the journal for a channel, from its present end; where it is followed already nothing changes. */
export async function openCursor(tx: Tx, channel: string): Promise<void> {
  await countOf(
    tx,
    sql`insert into notification_cursors (workspace_id, channel, sequence)
        select ${tx.workspace}, ${channel}, coalesce(max(sequence), 0) from journal_seals
        where workspace_id = ${tx.workspace}
        on conflict do nothing`,
  )
}

/** How far a channel has come, held until the transaction ends; undefined while somebody else holds it. */
export async function holdCursor(tx: Tx, channel: string): Promise<number | undefined> {
  const row = await rowOf<{ readonly sequence: string }>(
    tx,
    sql`select sequence::text from notification_cursors
        where workspace_id = ${tx.workspace} and channel = ${channel} for update skip locked`,
  )
  return row && Number(row.sequence)
}

/** Moves a held cursor forward. */
export async function moveCursor(tx: Tx, channel: string, sequence: number): Promise<void> {
  await countOf(
    tx,
    sql`update notification_cursors set sequence = ${sequence}
        where workspace_id = ${tx.workspace} and channel = ${channel} and sequence < ${sequence}`,
  )
}

/** Who wants to know: a webhook, or a channel. */
export interface Subscriber {
  readonly target: string
  readonly webhook: string | null
  readonly events: readonly string[]
  /** It is told of what comes after this. */
  readonly after: number
}

/** The active webhooks of the workspace, which stay what they are until the transaction ends. */
export async function listSubscribers(tx: Tx): Promise<readonly Subscriber[]> {
  const rows = await rowsOf<{ readonly id: string; readonly events: string[]; readonly after_sequence: string }>(
    tx,
    sql`select id, events, after_sequence::text from webhooks
        where workspace_id = ${tx.workspace} and state = 'active' order by id for key share`,
  )
  return rows.map(({ id, events, after_sequence }) => ({
    target: id,
    webhook: id,
    events,
    after: Number(after_sequence),
  }))
}

/** A delivery to be written. */
export interface NewDelivery {
  readonly id: string
  readonly channel: string
  readonly target: string
  readonly webhook: string | null
  readonly eventId: string
  readonly sequence: number
  readonly kind: string
  readonly subject: string
  readonly payload: string
  readonly at: string
}

/** Writes deliveries that are due at once; one that is there already stays as it is. */
export async function insertDelivery(tx: Tx, delivery: NewDelivery): Promise<void> {
  await countOf(
    tx,
    sql`insert into deliveries (id, workspace_id, channel, target, webhook_id, event_id, sequence, kind, subject_id,
          payload, state, due_at, created_at)
        values (${delivery.id}, ${tx.workspace}, ${delivery.channel}, ${delivery.target}, ${delivery.webhook},
          ${delivery.eventId}, ${delivery.sequence}, ${delivery.kind}, ${delivery.subject}, ${delivery.payload},
          'pending', ${delivery.at}, ${delivery.at})
        on conflict do nothing`,
  )
}

/** A delivery that this process sends. */
export interface ClaimedDelivery {
  readonly id: string
  readonly channel: string
  readonly target: string
  readonly webhook: string | null
  readonly kind: string
  readonly payload: string
  readonly attempt: number
  readonly fence: number
}

interface ClaimedRow extends Omit<ClaimedDelivery, 'webhook'> {
  readonly webhook_id: string | null
}

/**
 * Claims deliveries that are due, or whose sender seems to be gone: until `until` nobody else does. What comes later about
 * the same subject waits for what comes before, so that each receiver is told in order.
 */
export async function claimDeliveries(
  tx: Tx,
  claim: {
    readonly channels: readonly string[]
    readonly at: string
    readonly until: string
    readonly limit: number
  },
): Promise<readonly ClaimedDelivery[]> {
  const rows = await rowsOf<ClaimedRow>(
    tx,
    sql`with due as (
          select d.id, d.state from deliveries d
          where d.workspace_id = ${tx.workspace} and d.state in ('pending', 'sending') and d.due_at <= ${claim.at}
            and d.channel = any(${sql.param(claim.channels)}::text[])
            and not exists (
              select from deliveries e
              where e.workspace_id = d.workspace_id and e.channel = d.channel and e.target = d.target
                and e.subject_id = d.subject_id and e.sequence < d.sequence and e.state in ('pending', 'sending'))
          order by d.sequence limit ${claim.limit} for update of d skip locked
        )
        update deliveries d set state = 'sending', attempt = d.attempt + 1, fence = d.fence + 1, due_at = ${claim.until}
        from due where d.id = due.id and d.state = due.state
        returning d.id, d.channel, d.target, d.webhook_id, d.kind, d.payload, d.attempt, d.fence`,
  )
  return rows.map(({ webhook_id, ...row }) => ({ ...row, webhook: webhook_id }))
}

/** Where a webhook is and what it is signed with: for its sender alone. */
export async function findAddress(
  tx: Tx,
  webhook: string,
): Promise<{ readonly url: string; readonly secret: string; readonly state: 'active' | 'disabled' } | undefined> {
  return rowOf(
    tx,
    sql`select url, secret, state from webhooks where workspace_id = ${tx.workspace} and id = ${webhook}`,
  )
}

/** How an attempt ended. */
export interface AttemptEnd {
  readonly id: string
  readonly fence: number
  readonly to: 'pending' | 'delivered' | 'failed' | 'cancelled'
  readonly status: number | null
  readonly error: string | null
  /** When it is due again; of what ended, the time of the end. */
  readonly dueAt: string
  readonly at: string
}

/** Records how an attempt ended; false when somebody else has claimed the delivery since. */
export async function endAttempt(tx: Tx, end: AttemptEnd): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update deliveries set state = ${end.to}, status = ${end.status}, error = ${end.error}, due_at = ${end.dueAt},
          settled_at = case when ${end.to} = 'pending' then null else ${end.at}::timestamptz end
        where workspace_id = ${tx.workspace} and id = ${end.id} and fence = ${end.fence} and state = 'sending'`,
  )
  return changed === 1
}

/** Finds the workspaces in which the journal has gone on, or something is due. */
export async function findNotifying(
  tx: Tx,
  { channels, at }: { readonly channels: readonly string[]; readonly at: string },
): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly workspace_id: string }>(
    tx,
    sql`select c.workspace_id from notification_cursors c join journal_heads h on h.workspace_id = c.workspace_id
        where c.channel = any(${sql.param(channels)}::text[]) and h.sequence > c.sequence
        union select workspace_id from deliveries
        where state in ('pending', 'sending') and due_at <= ${at} and channel = any(${sql.param(channels)}::text[])`,
  )
  return rows.map((row) => row.workspace_id)
}
