import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { type PresenceMoment, presenceMoment } from './presence-moment.ts'
import { announceStates, type PresenceChange, recordHeard } from './presence-store.ts'

type AnnouncingContext = Pick<GovernorContext, 'clock' | 'settings' | 'journal'>

/** Writes the journal rows of changes of state, each of which is given out once. */
export async function journalChanges(
  context: AnnouncingContext,
  tx: Tx,
  { changes, actor }: { readonly changes: readonly PresenceChange[]; readonly actor: (userId: string) => string },
): Promise<void> {
  const drafts = changes.map(({ userId, before, state }) => ({
    kind: 'presence.changed' as const,
    subject: userId,
    body: { actor: actor(userId), before, state },
  }))
  await context.journal.appendAll(tx, drafts)
}

/** Announces states that differ from what was announced last, as the doing of an actor. */
export async function announce(
  context: AnnouncingContext,
  tx: Tx,
  by: {
    readonly users: readonly string[]
    readonly moment: PresenceMoment
    readonly actor: (userId: string) => string
  },
): Promise<void> {
  const changes = await announceStates(tx, by)
  await journalChanges(context, tx, { changes, actor: by.actor })
}

/** Records that a member did something just now; for acts other than a heartbeat. */
export async function noteActivity(context: AnnouncingContext, tx: Tx, userId: string): Promise<void> {
  const moment = presenceMoment(context)
  const users = [userId]
  const rows = await recordHeard(tx, { users, acted: users, since: moment.at, moment })
  if (rows.every(({ state, announced }) => state === announced)) return
  await announce(context, tx, { users, moment, actor: (user) => `user:${user}` })
}
