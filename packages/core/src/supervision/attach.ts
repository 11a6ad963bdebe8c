import { GovernanceError, type SupervisionSession } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { getAgent } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { noteActivity } from '../presence/announce.ts'
import { attachSession, countOtherSessions, findSession } from './store.ts'

/**
 * Attaches the calling supervisor to a session, or renews the lease. The session then runs for as long as the lease is
 * renewed.
 *
 * @throws GovernanceError `CONFLICT` when somebody else holds the session, it has ended, or the caller watches as many
 * as one person can, `NOT_FOUND`, `PERMISSION_DENIED` (also for the owner of the agent), or the code of a fault.
 */
export async function attach(context: GovernorContext, actor: Actor, id: string): Promise<SupervisionSession> {
  authorize(actor, 'sessions.attach')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const before = await getSession(tx, id)
    await assertNotOwner(tx, actor, before.agent)
    const now = context.clock.now()
    await assertNotFull(context, tx, { id, supervisor: actor.principal.id, at: isoTime(now) })
    const leaseExpiresAt = isoTime(now + context.settings.supervisorLeaseMs)
    const attached = await attachSession(tx, id, { supervisor: actor.principal.id, at: isoTime(now), leaseExpiresAt })
    if (!attached) throw taken(await getSession(tx, id))
    if (before.supervisorId !== actor.principal.id) {
      // To attach is an act of a person; to renew the lease is one of a timer.
      await noteActivity(context, tx, actor.principal.id)
      await context.journal.append(tx, {
        kind: 'supervision_session.attached',
        subject: id,
        agent: before.agent,
        body: { actor: actorName(actor), before: before.supervisorId },
      })
    }
    return getSession(tx, id)
  })
}

/** @throws GovernanceError `NOT_FOUND`, also for a session of another workspace. */
async function getSession(tx: Tx, id: string): Promise<SupervisionSession> {
  const session = await findSession(tx, id)
  if (session !== undefined) return session
  throw new GovernanceError('NOT_FOUND', {
    message: `There is no supervision session ${JSON.stringify(id.slice(0, 60))}.`,
  })
}

async function assertNotOwner(tx: Tx, actor: Actor, agentId: string): Promise<void> {
  const [agent, policy] = [await getAgent(tx, agentId), await newestPolicyDocument(tx)]
  if (policy.separationOfDuties === false || agent.ownerId !== actor.principal.id) return
  throw new GovernanceError('PERMISSION_DENIED', {
    message: `The owner of the agent "${agentId}" cannot supervise it.`,
    hint: 'Let another supervisor attach, or switch separation of duties off in the policy.',
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
