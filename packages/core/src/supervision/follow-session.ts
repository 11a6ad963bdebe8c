import { GovernanceError, type SessionEvent, type SessionFollowing } from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { authorize, mayRead } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { createBell } from '../journal/bell.ts'
import { isOver } from './held-session.ts'
import { countSessionEvents, listSessionEvents } from './session-event-store.ts'
import { findSession } from './store.ts'

const PAGE = 100
// The bell is a hint that may be lost; this is how late an event can then be.
const LOOK_AGAIN_MS = 5_000

const place = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** What following a session stands on. */
export interface FollowContext extends GovernorContext {
  /** Whether the governor was closed. */
  readonly isClosed: () => boolean
}

interface Followed {
  readonly id: string
  readonly after: number
  readonly signal: AbortSignal | undefined
}

interface Passage {
  readonly events: readonly SessionEvent[]
  /** Nothing comes after them. */
  readonly isLast: boolean
}

/**
 * Follows what happens in a session and what its run says, in order, until it is over. It holds no connection while it
 * waits, and reads on only when the reader asks for more.
 *
 * @throws GovernanceError while it is iterated: `INPUT_INVALID` for a place that the session has not reached,
 * `NOT_FOUND`, `PERMISSION_DENIED`, `GOVERNOR_CLOSED`, or the code of a fault.
 */
export async function* followSession(
  context: FollowContext,
  actor: Actor,
  { id, after: asked = 0, signal }: SessionFollowing & { readonly id: string },
): AsyncGenerator<SessionEvent, void, undefined> {
  authorize(actor, 'sessions.events')
  let after = parseInput(place, asked, 'after')
  await assertReached(context, actor, { id, after })
  const bell = createBell()
  const unsubscribe = context.sessionBells.subscribe(actor.workspace, id, bell.ring)
  signal?.addEventListener('abort', bell.ring)
  try {
    while (signal?.aborted !== true) {
      if (context.isClosed()) throw new GovernanceError('GOVERNOR_CLOSED')
      const { events, isLast } = await readOn(context, actor, { id, after, signal })
      for (const event of events) {
        if (hasEnded(signal)) return
        after = event.sequence
        yield event
      }
      if (isLast) return
      if (events.length < PAGE) await bell.wait(LOOK_AGAIN_MS)
    }
  } finally {
    unsubscribe()
    signal?.removeEventListener('abort', bell.ring)
  }
}

async function assertReached(
  context: GovernorContext,
  actor: Actor,
  { id, after }: Pick<Followed, 'id' | 'after'>,
): Promise<void> {
  const end = await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const session = await findSession(tx, id)
    if (session === undefined || !mayRead(actor, 'sessions.events', session)) {
      throw recordNotFound('supervision session', id)
    }
    return countSessionEvents(tx, id)
  })
  if (after <= end) return
  throw new GovernanceError('INPUT_INVALID', {
    message: `after: the session ends at ${end}, before ${after}.`,
    hint: 'Read the events again from a number that the session has.',
  })
}

/** Followers at one place share a read: what they see of a session is the same for all who may see it. */
function readOn(context: GovernorContext, actor: Actor, { id, after }: Followed): Promise<Passage> {
  const { workspace } = actor
  return context.sharedReads.read(`session ${workspace} ${id} ${after}`, () =>
    inWorkspace(context.database, { workspace }, async (tx) => {
      // Read first: what is added afterwards belongs to a session that was not over yet.
      const session = await findSession(tx, id)
      const events = await listSessionEvents(tx, { session: id, after, limit: PAGE })
      return { events, isLast: events.length < PAGE && (session === undefined || isOver(session)) }
    }),
  )
}

function hasEnded(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}
