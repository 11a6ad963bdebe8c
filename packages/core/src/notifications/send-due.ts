import type { ChannelDesk } from '@preceptor/client'
import { clearAlert, raiseAlert } from '../alerts/raise-alert.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { OutboundClient } from '../outbound/outbound-client.ts'
import { type AttemptEnd, type ClaimedDelivery, claimDeliveries, endAttempt, findAddress } from './delivery-store.ts'
import { type NotificationChannel, WEBHOOKS } from './notification.ts'
import { postToWebhook } from './post-to-webhook.ts'
import { waitAfter } from './retry-schedule.ts'
import { type SendResult, sendToChannel } from './send-to-channel.ts'
import { disableWebhook } from './webhook-store.ts'

/** What sending stands on. */
export interface SendPorts {
  readonly context: GovernorContext
  readonly outbound: OutboundClient
  readonly channels: ReadonlyMap<string, NotificationChannel>
  readonly randomBytes: (size: number) => Uint8Array
  readonly deskOf: (workspace: string) => ChannelDesk
  /** Aborted when nothing is sent any more. */
  readonly signal: AbortSignal
}

// Longer than an attempt can take: whoever has not said by then how it ended is taken for gone.
const LEASE_MS = 30_000
const GONE = 410

/**
 * Sends what is due in a workspace, at most `limit` at once, and records how each attempt ended; gives how many it tried.
 * A process that dies in between leaves a claim that lapses, and the same is sent again under the same id.
 */
export async function sendDue(ports: SendPorts, workspace: string, limit: number): Promise<number> {
  const { context, channels } = ports
  const now = context.clock.now()
  const due = await inWorkspace(context.database, { workspace }, (tx) =>
    claimDeliveries(tx, {
      channels: [WEBHOOKS, ...channels.keys()],
      at: isoTime(now),
      until: isoTime(now + LEASE_MS),
      limit,
    }),
  )
  if (due.length > 0) await context.failpoint('delivery.after_commit')
  await Promise.all(due.map((delivery) => attempt(ports, workspace, delivery)))
  return due.length
}

async function attempt(ports: SendPorts, workspace: string, delivery: ClaimedDelivery): Promise<void> {
  const result = await send(ports, workspace, delivery)
  await ports.context.failpoint('delivery.after_send')
  // What was cut off by the end of this process is tried again by the next one.
  if (ports.signal.aborted && result.outcome === 'failed') return
  await inWorkspace(ports.context.database, { workspace }, (tx) => settle(ports, tx, { delivery, result }))
}

async function send(ports: SendPorts, workspace: string, delivery: ClaimedDelivery): Promise<SendResult> {
  const { id, payload, webhook } = delivery
  const { signal, outbound, context } = ports
  const channel = ports.channels.get(delivery.channel)
  if (channel !== undefined) {
    return sendToChannel(channel, { ...JSON.parse(payload), id }, { signal, desk: ports.deskOf(workspace) })
  }
  const address =
    webhook === null ? undefined : await inWorkspace(context.database, { workspace }, (tx) => findAddress(tx, webhook))
  if (address?.state !== 'active') return { outcome: 'cancelled' }
  return postToWebhook(outbound, address, { id, at: context.clock.now(), body: payload, signal })
}

interface Ended {
  readonly delivery: ClaimedDelivery
  readonly result: SendResult
}

async function settle(ports: SendPorts, tx: Tx, { delivery, result }: Ended): Promise<void> {
  const { context } = ports
  const { id, fence, target } = delivery
  const at = isoTime(context.clock.now())
  const record = (end: Pick<AttemptEnd, 'to' | 'status' | 'error'> & { readonly dueAt?: string }): Promise<boolean> =>
    endAttempt(tx, { dueAt: at, ...end, id, fence, at })
  if (result.outcome === 'cancelled') return void (await record({ to: 'cancelled', status: null, error: null }))
  const alert = { code: 'DELIVERY_FAILED', subject: target } as const
  if (result.outcome === 'delivered') {
    if (await record({ to: 'delivered', status: result.status, error: null })) await clearAlert(context, tx, alert)
    return
  }
  const { status, error, retryAfterMs = 0 } = result
  if (status === GONE && delivery.webhook !== null) {
    if (await record({ to: 'failed', status, error })) await disable(ports, tx, delivery.webhook)
    return
  }
  const wait = waitAfter(delivery.attempt, chanceFrom(ports))
  if (wait !== null) {
    return void (await record({
      to: 'pending',
      status,
      error,
      dueAt: isoTime(context.clock.now() + Math.max(wait, retryAfterMs)),
    }))
  }
  if (!(await record({ to: 'failed', status, error }))) return
  const message = `${delivery.kind} could not be delivered in ${delivery.attempt} attempts; the last one: ${error}.`
  await raiseAlert(context, tx, { ...alert, agent: null, message })
}

/** The receiver said that it wants nothing more. */
async function disable({ context }: SendPorts, tx: Tx, webhook: string): Promise<void> {
  if (!(await disableWebhook(tx, webhook, isoTime(context.clock.now())))) return
  const body = { actor: 'system:jobs', reason: 'The receiver answered 410.' }
  await context.journal.append(tx, { kind: 'webhook.disabled', subject: webhook, body })
}

function chanceFrom({ randomBytes }: SendPorts): number {
  return (randomBytes(1)[0] ?? 0) / 255
}
