import type { JournalEntry, JsonObject } from '@preceptor/client'
import { withoutUntold } from '../alerts/without-untold.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { toEntry } from '../journal/list-journal.ts'
import { redact } from '../journal/redact.ts'
import { EVERY_ROW, listSealed } from '../journal/store.ts'
import { isoTime } from '../kernel/clock.ts'
import { holdCursor, insertDelivery, listSubscribers, moveCursor, type Subscriber } from './delivery-store.ts'
import { type Notification, type NotificationChannel, TOLD_BY_DEFAULT, WEBHOOKS } from './notification.ts'
import { fieldOf, peopleOf } from './people-of.ts'

const PAGE = 200

/** What turning events into deliveries stands on. */
export interface DispatchPorts {
  readonly context: Pick<GovernorContext, 'database' | 'clock' | 'ids'>
  readonly channels: ReadonlyMap<string, NotificationChannel>
  /** Where the dashboard is, without a slash at its end. */
  readonly publicUrl: string | undefined
}

/** Which part of the journal is dispatched. */
export interface Dispatching {
  readonly workspace: string
  readonly channel: string
}

/**
 * Turns what was sealed since the last time into deliveries of one channel. The deliveries and the cursor are one
 * transaction, so that no event is passed over and none is written twice.
 */
export async function dispatch(ports: DispatchPorts, dispatching: Dispatching): Promise<void> {
  const { workspace, channel } = dispatching
  for (;;) {
    const more = await inWorkspace(ports.context.database, { workspace }, async (tx) => {
      const after = await holdCursor(tx, channel)
      if (after === undefined) return false
      const rows = await listSealed(tx, EVERY_ROW, { after, limit: PAGE })
      const entries = rows.slice(0, PAGE).map(toEntry)
      const subscribers = entries.length === 0 ? [] : await subscribersOf(ports, tx, channel)
      for (const entry of entries) await tell(ports, tx, { entry, channel, subscribers })
      await moveCursor(tx, channel, entries.at(-1)?.sequence ?? after)
      return rows.length > PAGE
    })
    if (!more) return
  }
}

async function subscribersOf({ channels }: DispatchPorts, tx: Tx, channel: string): Promise<readonly Subscriber[]> {
  if (channel === WEBHOOKS) return listSubscribers(tx)
  const events = channels.get(channel)?.events ?? TOLD_BY_DEFAULT
  return [{ target: channel, webhook: null, events, after: 0 }]
}

interface Telling {
  readonly entry: JournalEntry
  readonly channel: string
  readonly subscribers: readonly Subscriber[]
}

async function tell(ports: DispatchPorts, tx: Tx, { entry, channel, subscribers }: Telling): Promise<void> {
  const sequence = entry.sequence ?? 0
  const subscribed = subscribers.filter(
    ({ target, events, after }) => sequence > after && (events.includes(entry.kind) || isNamed(entry, target)),
  )
  const told = await withoutUntold(tx, entry, subscribed)
  if (told.length === 0) return
  const payload = JSON.stringify(await payloadOf(ports, tx, entry))
  const { clock, ids } = ports.context
  for (const { target, webhook } of told) {
    await insertDelivery(tx, {
      id: ids.next('dlv'),
      channel,
      target,
      webhook,
      eventId: entry.id,
      sequence,
      kind: entry.kind,
      subject: entry.subjectId,
      payload,
      at: isoTime(clock.now()),
    })
  }
}

/** A step of an escalation tells the webhook that it names, whatever that one subscribed to. */
function isNamed({ kind, body }: JournalEntry, target: string): boolean {
  return kind === 'proposal.escalated' && fieldOf(body.to, 'webhook') === target
}

async function payloadOf(ports: DispatchPorts, tx: Tx, entry: JournalEntry): Promise<Omit<Notification, 'id'>> {
  const isOfProposal = entry.kind.startsWith('proposal.')
  const link = `${ports.publicUrl}/inbox/${encodeURIComponent(entry.subjectId)}`
  return {
    type: entry.kind,
    timestamp: entry.recordedAt,
    workspace: tx.workspace,
    sequence: entry.sequence ?? 0,
    subject: entry.subjectId,
    agent: entry.agent,
    data: {
      ...objectOf(redact(entry.body)),
      ...(await peopleOf(tx, entry)),
      ...(isOfProposal && ports.publicUrl !== undefined ? { link } : {}),
    },
  }
}

function objectOf(value: unknown): JsonObject {
  // Redaction of an object gives one.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}
