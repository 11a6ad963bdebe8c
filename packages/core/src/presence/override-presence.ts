import { GovernanceError, type Presence, type PresenceOverride } from '@preceptor/client'
import { z } from 'zod'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { announce } from './announce.ts'
import { presenceMoment } from './presence-moment.ts'
import { findPresence, writeOverride } from './presence-store.ts'
import { shownPresence } from './read-presence.ts'

const input = z.strictObject({
  state: z.enum(['online', 'away', 'offline']),
  until: z.iso.datetime({ offset: true }).nullable().optional(),
})

const ONLINE_MS = 8 * 3_600_000
const LONGEST_ONLINE_MS = 24 * 3_600_000
const LONGEST_MS = 366 * 86_400_000

/**
 * Sets the presence of a member by hand, until a time or until it is taken away. Who is said to be online must be there
 * again some time: that lasts 8 h unless an earlier or later time is given, and 24 h at most.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED` for somebody else's, `NOT_FOUND` for a user who is no
 * member, or the code of a fault.
 */
export async function overridePresence(
  context: GovernorContext,
  actor: Actor,
  { userId, ...request }: { readonly userId: string; readonly state: unknown; readonly until?: unknown },
): Promise<Presence> {
  authorize(actor, 'presence.override', { user: userId })
  const { state, until = null } = parseInput(input, request, 'override')
  return write(context, actor, { userId, override: { state, until: endOf(context.clock.now(), { state, until }) } })
}

/**
 * Takes away what was set by hand: activity counts again.
 *
 * @throws GovernanceError as `overridePresence`.
 */
export async function clearPresenceOverride(context: GovernorContext, actor: Actor, userId: string): Promise<Presence> {
  authorize(actor, 'presence.clear_override', { user: userId })
  return write(context, actor, { userId, override: null })
}

function endOf(now: number, { state, until }: PresenceOverride): string | null {
  if (until === null) return state === 'online' ? isoTime(now + ONLINE_MS) : null
  const end = Date.parse(until)
  const longest = state === 'online' ? LONGEST_ONLINE_MS : LONGEST_MS
  if (end > now && end <= now + longest) return isoTime(end)
  throw new GovernanceError('INPUT_INVALID', {
    message: `override.until: a time within the next ${longest / 3_600_000} hours is needed.`,
  })
}

interface OverrideWrite {
  readonly userId: string
  readonly override: PresenceOverride | null
}

async function write(context: GovernorContext, actor: Actor, request: OverrideWrite): Promise<Presence> {
  const scope = { workspace: actor.workspace, retry: true }
  return inWorkspace(context.database, scope, (tx) => writeIn(context, tx, { ...request, by: actorName(actor) }))
}

async function writeIn(
  context: GovernorContext,
  tx: Tx,
  { userId, override, by }: OverrideWrite & { readonly by: string },
): Promise<Presence> {
  const { state, until } = override ?? { state: null, until: null }
  if (!(await writeOverride(tx, { userId, state, until }))) {
    throw new GovernanceError('NOT_FOUND', { message: `The user ${JSON.stringify(userId.slice(0, 60))} is no member.` })
  }
  const moment = presenceMoment(context)
  await context.journal.append(tx, {
    kind: 'presence.overridden',
    subject: userId,
    body: { actor: by, state, until },
  })
  await announce(context, tx, { users: [userId], moment, actor: () => by })
  const row = await findPresence(tx, userId, moment)
  if (row === undefined) throw new GovernanceError('FACT_INVALID')
  return shownPresence(row)
}
