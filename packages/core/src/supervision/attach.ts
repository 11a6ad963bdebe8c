import { GovernanceError, type SupervisionSession } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { noteActivity } from '../presence/announce.ts'
import { assertNotInvolved, getHeldSession, isAgent, isHeld } from './held-session.ts'
import { attachSession, countOtherSessions, findSession } from './store.ts'
import { tellSession } from './tell-session.ts'

/**
 * Attaches the calling supervisor to a session, or renews the lease. The session then runs for as long as the lease is
 * renewed.
 *
 * @throws GovernanceError `CONFLICT` when somebody else holds the session, it has ended, or the caller watches as many
 * as one person can, `NOT_FOUND`, `PERMISSION_DENIED` (also for the owner of the agent), or the code of a fault.
 */
export async function attach(context: GovernorContext, actor: Actor, id: string): Promise<SupervisionSession> {
  authorize(actor, 'sessions.attach')
  const { workspace } = actor
  return inWorkspace(context.database, { workspace, retry: true }, (tx) => hold(context, tx, { actor, id }))
}

/**
 * Takes a session that somebody else holds: from an agent any supervisor may, from a person an administrator.
 *
 * @throws GovernanceError `CONFLICT` when it has ended or the caller watches as many as one person can, `NOT_FOUND`,
 * `PERMISSION_DENIED`, `INPUT_INVALID`, or the code of a fault.
 */
export async function takeOver(
  context: GovernorContext,
  actor: Actor,
  { id, reason }: { readonly id: string; readonly reason: string },
): Promise<SupervisionSession> {
  authorize(actor, 'sessions.take_over')
  const said = parseReason(reason)
  const { workspace } = actor
  return inWorkspace(context.database, { workspace, retry: true }, (tx) =>
    hold(context, tx, { actor, id, reason: said }),
  )
}

async function hold(
  context: GovernorContext,
  tx: Tx,
  { actor, id, reason }: { readonly actor: Actor; readonly id: string; readonly reason?: string },
): Promise<SupervisionSession> {
  const supervisor = actor.principal.id
  const before = await findSession(tx, id)
  if (before === undefined) throw recordNotFound('supervision session', id)
  await assertNotInvolved(tx, actor, before.agent)
  const now = context.clock.now()
  const at = isoTime(now)
  await assertNotFull(context, tx, { id, supervisor, at })
  const leaseExpiresAt = isoTime(now + context.settings.supervisorLeaseMs)
  const takesOver = reason !== undefined
  if (takesOver) assertMayTakeOver(actor, before, now)
  if (!(await attachSession(tx, id, { supervisor, at, leaseExpiresAt, takesOver }))) {
    throw taken(await getHeldSession(tx, id))
  }
  const after = await getHeldSession(tx, id)
  // Whoever comes back to a run that paused because nobody watched lets it go on, which is news.
  if (before.supervisorId === supervisor && before.state === after.state) return after
  // To attach is an act of a person; to renew the lease is one of a timer.
  await noteActivity(context, tx, supervisor)
  const kind = takesOver ? 'supervision_session.taken_over' : 'supervision_session.attached'
  const body = { before: before.supervisorId, ...(takesOver ? { reason: redactText(reason) } : {}) }
  await tellSession(context, tx, { session: after, kind, actor, body })
  return after
}

function assertMayTakeOver({ principal }: Actor, session: SupervisionSession, now: number): void {
  const { id, supervisorId } = session
  const isOfPerson = supervisorId !== null && !isAgent(supervisorId) && isHeld(session, now)
  if (!isOfPerson || principal.roles.includes('admin')) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: `The session ${id} is held by ${supervisorId}.`,
    hint: 'Ask that supervisor to hand it over, or an administrator to take it over.',
  })
}

async function assertNotFull(
  context: GovernorContext,
  tx: Tx,
  { id, supervisor, at }: { readonly id: string; readonly supervisor: string; readonly at: string },
): Promise<void> {
  const others = await countOtherSessions(tx, id, { supervisor, at })
  if (others < context.settings.sessionsPerSupervisor) return
  throw new GovernanceError('CONFLICT', {
    message: `${supervisor} watches ${others} sessions already, as many as one person can.`,
    hint: 'Let one of them end, or let another supervisor attach.',
    details: { watching: others },
  })
}

function taken(session: SupervisionSession): GovernanceError {
  const message =
    session.endedAt === null
      ? `The session ${session.id} is held by ${session.supervisorId ?? 'somebody else'}.`
      : `The session ${session.id} has ended.`
  return new GovernanceError('CONFLICT', {
    message,
    details: { state: session.state, supervisor: session.supervisorId },
  })
}
