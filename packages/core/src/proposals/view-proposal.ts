import { GovernanceError, type ViewerLook } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize, mayRead } from '../access/authorize.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { findProposal } from './store.ts'
import { forgetViewer, listViewers, lockViewers, noteViewer } from './viewer-store.ts'

/** For how long a viewer is believed to be there, in milliseconds, after the place that serves them said so. */
export const VIEWER_LEASE_MS = 60_000

/**
 * Notes that a person opened a proposal, or no longer looks at it through that place, and tells who else looks at it: once,
 * through however many places they look.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function viewProposal(
  context: GovernorContext,
  actor: Actor,
  { id, kind, place }: ViewerLook & { readonly id: string },
): Promise<void> {
  authorize(actor, 'proposals.card')
  if (actor.principal.kind !== 'user') {
    throw new GovernanceError('PERMISSION_DENIED', { message: 'Only people look at proposals.' })
  }
  const user = actor.principal.id
  await inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const proposal = await findProposal(tx, id)
    if (proposal === undefined) throw recordNotFound('proposal', id)
    await lockViewers(tx, id)
    const now = context.clock.now()
    const looked = (await listViewers(tx, id, isoTime(now))).includes(user)
    const viewer = { proposal: id, user, place }
    if (kind === 'viewer.joined') await noteViewer(tx, viewer, isoTime(now + VIEWER_LEASE_MS))
    else await forgetViewer(tx, viewer)
    const looks = (await listViewers(tx, id, isoTime(now))).includes(user)
    if (looked === looks) return
    const body = { actor: actorName(actor) }
    await context.journal.append(tx, { kind, subject: id, agent: proposal.agent, body })
  })
}

/**
 * Reads the ids of those who look at a proposal, through whatever process.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function readViewers(context: GovernorContext, actor: Actor, id: string): Promise<readonly string[]> {
  authorize(actor, 'proposals.get')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const proposal = await findProposal(tx, id)
    if (proposal === undefined || !mayRead(actor, 'proposals.get', proposal)) throw recordNotFound('proposal', id)
    return listViewers(tx, id, isoTime(context.clock.now()))
  })
}
