import type { Delivery, DeliveryState, Webhook } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { TimePlace } from '../kernel/pagination.ts'

/** A webhook to be written. */
export interface NewWebhook {
  readonly id: string
  readonly url: string
  readonly events: readonly string[]
  readonly secret: string
  readonly createdBy: string
  readonly createdAt: string
}

/** Writes an active webhook, which is told of what is sealed from now on. */
export async function insertWebhook(tx: Tx, webhook: NewWebhook): Promise<void> {
  await countOf(
    tx,
    sql`insert into webhooks (id, workspace_id, url, events, state, secret, after_sequence, created_by, created_at)
        select ${webhook.id}, ${tx.workspace}, ${webhook.url}, ${sql.param(webhook.events)}::text[], 'active',
          ${webhook.secret}, coalesce(max(sequence), 0), ${webhook.createdBy}, ${webhook.createdAt}::timestamptz
        from journal_seals where workspace_id = ${tx.workspace}`,
  )
}

interface DeliveryRow {
  readonly id: string
  readonly webhook_id: string
  readonly kind: string
  readonly sequence: string
  readonly subject_id: string
  readonly state: DeliveryState
  readonly attempt: number
  readonly status: number | null
  readonly error: string | null
  readonly due_at: string
  readonly created_at: string
  readonly settled_at: string | null
}

interface WebhookRow {
  readonly id: string
  readonly url: string
  readonly events: readonly string[]
  readonly state: 'active' | 'disabled'
  readonly created_by: string
  readonly created_at: string
  readonly last: DeliveryRow | null
}

// The secret is not among them: no reader of a webhook ever has it.
const SHOWN: SQL = sql.raw(`w.id, w.url, w.events, w.state, w.created_by, w.created_at, (
  select to_jsonb(d) - 'payload' from deliveries d
  where d.webhook_id = w.id and d.attempt > 0 order by d.sequence desc limit 1) as last`)

/** Finds a webhook; with `hold` it cannot be removed until the transaction ends. */
export async function findWebhook(
  tx: Tx,
  id: string,
  { hold = false }: { readonly hold?: boolean } = {},
): Promise<Webhook | undefined> {
  const row = await rowOf<WebhookRow>(
    tx,
    sql`select ${SHOWN} from webhooks w where w.workspace_id = ${tx.workspace} and w.id = ${id}
        ${hold ? sql`for key share of w` : sql``}`,
  )
  return row && toWebhook(row)
}

/** Reads a page of webhooks, newest first, one more than the limit. */
export async function listWebhooks(
  tx: Tx,
  { before, limit }: { readonly before: TimePlace | null; readonly limit: number },
): Promise<readonly Webhook[]> {
  const rows = await rowsOf<WebhookRow>(
    tx,
    sql`select ${SHOWN} from webhooks w
        where w.workspace_id = ${tx.workspace} and (${before?.at ?? null}::timestamptz is null
          or (w.created_at, w.id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}))
        order by w.created_at desc, w.id desc limit ${limit + 1}`,
  )
  return rows.map(toWebhook)
}

/** Removes a webhook with its secret and its deliveries; false when there is none. */
export async function deleteWebhook(tx: Tx, id: string): Promise<boolean> {
  return (await countOf(tx, sql`delete from webhooks where workspace_id = ${tx.workspace} and id = ${id}`)) === 1
}

/** The name of an escalation that tells a webhook, if there is one. */
export async function findEscalationOf(tx: Tx, webhook: string): Promise<string | undefined> {
  const row = await rowOf<{ readonly name: string }>(
    tx,
    sql`select name from escalations
        where workspace_id = ${tx.workspace} and steps @> ${JSON.stringify([{ notify: { webhook } }])}::jsonb limit 1`,
  )
  return row?.name
}

/** Disables a webhook and cancels what it was not told yet; false when it was not active. */
export async function disableWebhook(tx: Tx, id: string, at: string): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update webhooks set state = 'disabled' where workspace_id = ${tx.workspace} and id = ${id} and state = 'active'`,
  )
  if (changed !== 1) return false
  await countOf(
    tx,
    sql`update deliveries set state = 'cancelled', settled_at = ${at}
        where workspace_id = ${tx.workspace} and webhook_id = ${id} and state = 'pending'`,
  )
  return true
}

/** Reads a page of the deliveries of a webhook, newest first, one more than the limit. */
export async function listDeliveries(
  tx: Tx,
  query: { readonly webhook: string; readonly below: number | null; readonly limit: number },
): Promise<readonly Delivery[]> {
  const rows = await rowsOf<DeliveryRow>(
    tx,
    sql`select * from deliveries
        where workspace_id = ${tx.workspace} and webhook_id = ${query.webhook}
          and (${query.below}::bigint is null or sequence < ${query.below}::bigint)
        order by sequence desc limit ${query.limit + 1}`,
  )
  return rows.map(toDelivery)
}

/** Finds a delivery of a webhook. */
export async function findDelivery(tx: Tx, webhook: string, id: string): Promise<Delivery | undefined> {
  const row = await rowOf<DeliveryRow>(
    tx,
    sql`select * from deliveries where workspace_id = ${tx.workspace} and webhook_id = ${webhook} and id = ${id}`,
  )
  return row && toDelivery(row)
}

/** Makes an ended delivery due again; false when it has not ended. */
export async function reviveDelivery(tx: Tx, id: string, at: string): Promise<boolean> {
  const changed = await countOf(
    tx,
    sql`update deliveries set state = 'pending', attempt = 0, due_at = ${at}, settled_at = null
        where workspace_id = ${tx.workspace} and id = ${id} and state in ('delivered', 'failed', 'cancelled')`,
  )
  return changed === 1
}

function toWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id,
    url: row.url,
    events: row.events,
    state: row.state,
    createdBy: row.created_by,
    createdAt: isoOf(row.created_at),
    lastDelivery: row.last && toDelivery(row.last),
  }
}

function toDelivery(row: DeliveryRow): Delivery {
  const isOpen = row.state === 'pending' || row.state === 'sending'
  return {
    id: row.id,
    webhook: row.webhook_id,
    kind: row.kind,
    sequence: Number(row.sequence),
    subjectId: row.subject_id,
    state: row.state,
    attempt: row.attempt,
    status: row.status,
    error: row.error,
    dueAt: isOpen ? isoOf(row.due_at) : null,
    createdAt: isoOf(row.created_at),
    settledAt: isoOf(row.settled_at),
  }
}
