import type { JsonObject } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import type { EventKind } from '../journal/event-kinds.ts'
import { isoTime } from '../kernel/clock.ts'
import { addSessionEvents } from './add-session-events.ts'

/** What telling a session stands on. */
export type TellContext = Pick<GovernorContext, 'clock' | 'journal' | 'sessionBells'>

/** Something that happened to a session. */
export interface SessionNews {
  readonly session: { readonly id: string; readonly agent: string }
  readonly kind: EventKind
  readonly actor: Actor | 'system:supervision'
  readonly body?: JsonObject
}

/** Puts on record what happened to a session: in the journal, and in the stream of the session, under one name. */
export async function tellSession(context: TellContext, tx: Tx, news: SessionNews): Promise<void> {
  const { session, kind, actor } = news
  const by = typeof actor === 'string' ? actor : actorName(actor)
  const body = { actor: by, ...news.body }
  await context.journal.append(tx, { kind, subject: session.id, agent: session.agent, body })
  const at = isoTime(context.clock.now())
  await addSessionEvents(context, tx, { session: session.id, events: [{ kind, body }], at })
}
