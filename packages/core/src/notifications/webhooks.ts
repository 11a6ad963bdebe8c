import {
  type CreatedWebhook,
  type Delivery,
  GovernanceError,
  type Page,
  type PageQuery,
  type Webhook,
  type WebhookRequest,
} from '@preceptor/client'
import { z } from 'zod'
import type { AccessContext } from '../access/access-context.ts'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isEventKind } from '../journal/event-kinds.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorNumber, cursorTimePlace, pageOf, parseLimit } from '../kernel/pagination.ts'
import { openCursor } from './delivery-store.ts'
import { WEBHOOKS } from './notification.ts'
import { makeWebhookSecret } from './webhook-signature.ts'
import {
  deleteWebhook,
  findDelivery,
  findEscalationOf,
  findWebhook,
  insertWebhook,
  listDeliveries,
  listWebhooks,
  reviveDelivery,
} from './webhook-store.ts'

const input = z.strictObject({
  url: z.string().min(1).max(2_048),
  events: z.array(z.string().max(64).refine(isEventKind, 'no kind of event that there is')).min(1).max(100),
})

/**
 * Creates a webhook and shows its secret, once. It is told of what is sealed from then on.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function createWebhook(
  context: AccessContext,
  actor: Actor,
  request: WebhookRequest,
): Promise<CreatedWebhook> {
  authorize(actor, 'webhooks.create')
  const { url, events } = parseInput(input, request, 'webhook')
  context.outbound.assertAllowed(url)
  const id = context.ids.next('whk')
  const secret = makeWebhookSecret(context.randomBytes)
  const [createdBy, createdAt] = [actorName(actor), isoTime(context.clock.now())]
  const wanted = [...new Set(events)].sort()
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await insertWebhook(tx, { id, url, events: wanted, secret, createdBy, createdAt })
    await openCursor(tx, WEBHOOKS)
    // Without the path: an address can hold a secret of its own.
    const body = { actor: createdBy, origin: new URL(url).origin, events: wanted }
    await context.journal.append(tx, { kind: 'webhook.created', subject: id, body })
    return { webhook: await getWebhook(tx, id), secret }
  })
}

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readWebhooks(context: AccessContext, actor: Actor, query: PageQuery): Promise<Page<Webhook>> {
  authorize(actor, 'webhooks.list')
  const limit = parseLimit(query.limit)
  const before = cursorTimePlace(query.cursor)
  const webhooks = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listWebhooks(tx, { before, limit }),
  )
  return pageOf(webhooks, limit, ({ createdAt, id }) => [createdAt, id])
}

/** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readWebhook(context: AccessContext, actor: Actor, id: string): Promise<Webhook> {
  authorize(actor, 'webhooks.get')
  return inWorkspace(context.database, { workspace: actor.workspace }, (tx) => getWebhook(tx, id))
}

/**
 * Removes a webhook with its secret and its deliveries.
 *
 * @throws GovernanceError `CONFLICT` while an escalation names it, `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function removeWebhook(context: AccessContext, actor: Actor, id: string): Promise<Webhook> {
  authorize(actor, 'webhooks.remove')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const webhook = await getWebhook(tx, id)
    // First: an escalation that is being made holds it, and is seen afterwards.
    if (!(await deleteWebhook(tx, id))) throw recordNotFound('webhook', id)
    const escalation = await findEscalationOf(tx, id)
    if (escalation !== undefined) {
      throw new GovernanceError('CONFLICT', {
        message: `The escalation ${JSON.stringify(escalation)} tells this webhook.`,
        hint: 'Remove the escalation first.',
      })
    }
    await context.journal.append(tx, { kind: 'webhook.removed', subject: id, body: { actor: actorName(actor) } })
    return webhook
  })
}

/** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readDeliveries(
  context: AccessContext,
  actor: Actor,
  { webhook, query }: { readonly webhook: string; readonly query: PageQuery },
): Promise<Page<Delivery>> {
  authorize(actor, 'webhooks.deliveries')
  const limit = parseLimit(query.limit)
  const below = cursorNumber(query.cursor) ?? null
  const deliveries = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await getWebhook(tx, webhook)
    return listDeliveries(tx, { webhook, below, limit })
  })
  return pageOf(deliveries, limit, ({ sequence }) => [sequence])
}

/**
 * Sends what has ended once more: the same body under the same id.
 *
 * @throws GovernanceError `CONFLICT` while it is on its way or its webhook is disabled, `NOT_FOUND`, `PERMISSION_DENIED`,
 * or the code of a fault.
 */
export async function replayDelivery(
  context: AccessContext,
  actor: Actor,
  { webhook, delivery }: { readonly webhook: string; readonly delivery: string },
): Promise<Delivery> {
  authorize(actor, 'webhooks.replay')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const { state } = await getWebhook(tx, webhook)
    if ((await findDelivery(tx, webhook, delivery)) === undefined) throw recordNotFound('delivery', delivery)
    const isRevived = state === 'active' && (await reviveDelivery(tx, delivery, isoTime(context.clock.now())))
    if (!isRevived) {
      const why = state === 'active' ? 'The delivery is on its way.' : 'The webhook is disabled.'
      throw new GovernanceError('CONFLICT', { message: why })
    }
    const body = { actor: actorName(actor), delivery }
    await context.journal.append(tx, { kind: 'webhook.replayed', subject: webhook, body })
    const revived = await findDelivery(tx, webhook, delivery)
    if (revived === undefined) throw recordNotFound('delivery', delivery)
    return revived
  })
}

async function getWebhook(tx: Tx, id: string): Promise<Webhook> {
  const webhook = await findWebhook(tx, id)
  if (webhook === undefined) throw recordNotFound('webhook', id)
  return webhook
}
