import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { findProposal } from './store.ts'
import { VIEWER_LEASE_MS } from './view-proposal.ts'
import { findLapsedProposals, forgetLapsedViewers, listViewers, lockViewers, renewViewers } from './viewer-store.ts'

const BATCH = 100

/**
 * Says that whoever a place noted is still there, in all workspaces at once, and tells of those who left with a place that
 * died. Gives how many it has noted: fewer than the place knows of were taken for gone, and are to be noted again.
 *
 * @throws GovernanceError the code of a fault.
 */
export async function keepViewers(context: GovernorContext, place: string): Promise<number> {
  const now = context.clock.now()
  const renewal = { place, at: isoTime(now), expiresAt: isoTime(now + VIEWER_LEASE_MS) }
  const { renewed, lapsedIn } = await inWorkspace(context.database, { workspace: '*', role: 'system' }, (tx) =>
    renewViewers(tx, renewal),
  )
  for (const workspace of lapsedIn) {
    const proposals = await inWorkspace(context.database, { workspace }, (tx) =>
      findLapsedProposals(tx, renewal.at, BATCH),
    )
    for (const proposal of proposals) await forget(context, { workspace, proposal, at: renewal.at })
  }
  return renewed
}

async function forget(
  context: GovernorContext,
  { workspace, proposal: id, at }: { readonly workspace: string; readonly proposal: string; readonly at: string },
): Promise<void> {
  await inWorkspace(context.database, { workspace }, async (tx) => {
    const proposal = await findProposal(tx, id)
    await lockViewers(tx, id)
    const lapsed = await forgetLapsedViewers(tx, id, at)
    const left = await listViewers(tx, id, at)
    for (const user of lapsed) {
      if (proposal === undefined || left.includes(user)) continue
      const body = { actor: `user:${user}` }
      await context.journal.append(tx, { kind: 'viewer.left', subject: id, agent: proposal.agent, body })
    }
  })
}
