import { GovernanceError, type WebhookTest } from '@preceptor/client'
import type { AccessContext } from '../access/access-context.ts'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { findAddress } from './delivery-store.ts'
import type { Notification } from './notification.ts'
import { postToWebhook } from './post-to-webhook.ts'

/** What a receiver is sent as a test; no event is of this type. */
const TEST = 'webhook.test'

/**
 * Sends a webhook a signed message that says that it is a test, at once and once, by the way that deliveries take. That it
 * was asked for is on record, whatever comes of it; no alert is raised or cleared.
 *
 * @throws GovernanceError `CONFLICT` while the webhook is disabled, `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function testWebhook(context: AccessContext, actor: Actor, webhook: string): Promise<WebhookTest> {
  authorize(actor, 'webhooks.test')
  const { workspace } = actor
  const id = context.ids.next('dlv')
  const address = await inWorkspace(context.database, { workspace }, async (tx) => {
    const found = await findAddress(tx, webhook)
    if (found === undefined) throw recordNotFound('webhook', webhook)
    if (found.state !== 'active') throw new GovernanceError('CONFLICT', { message: 'The webhook is disabled.' })
    await context.journal.append(tx, {
      kind: 'webhook.tested',
      subject: webhook,
      body: { actor: actorName(actor), id },
    })
    return found
  })
  const at = context.clock.now()
  const message: Omit<Notification, 'id'> = {
    type: TEST,
    timestamp: isoTime(at),
    workspace,
    sequence: 0,
    subject: webhook,
    agent: null,
    data: {},
  }
  const sent = await postToWebhook(context.outbound, address, { id, at, body: JSON.stringify(message) })
  const error = sent.outcome === 'failed' ? sent.error : null
  return { id, webhook, outcome: sent.outcome, status: sent.status, error }
}
