import type { ApprovalLink, ApprovalLinkRequest } from '@preceptor/client'
import type { AccessContext } from '../access/access-context.ts'
import { hashCredential } from '../access/api-key-secret.ts'
import { rolesOf } from '../access/store.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { findBoundProposal } from '../proposals/approval-store.ts'
import { isWithinLinks } from './link-refusal.ts'
import { insertLink, removeLinks } from './link-store.ts'
import { makeLinkToken } from './link-token.ts'

const DAY_MS = 86_400_000

/** Makes a link by which one member decides once on the version that is named; null where there is nothing to decide for them. */
export async function createLink(
  context: AccessContext,
  workspace: string,
  { proposal: id, version, actionHash, user }: ApprovalLinkRequest,
): Promise<ApprovalLink | null> {
  const token = makeLinkToken(workspace, context.randomBytes)
  return inWorkspace(context.database, { workspace }, async (tx) => {
    const now = context.clock.now()
    const proposal = await findBoundProposal(tx, { by: 'id', id })
    if (proposal?.state !== 'pending' || Date.parse(proposal.expiresAt) <= now) return null
    if (proposal.version !== version || proposal.actionHash !== actionHash) return null
    if (!isWithinLinks(proposal.risk)) return null
    const roles = (await rolesOf(tx, [user])).get(user) ?? []
    if (!roles.includes('supervisor') && !roles.includes('admin')) return null
    const expiresAt = isoTime(Math.min(Date.parse(proposal.expiresAt), now + DAY_MS))
    // For a day longer a link that has expired is told so, and not that there is none.
    await removeLinks(tx, isoTime(now - DAY_MS))
    await insertLink(tx, {
      tokenHash: hashCredential(token),
      proposal: id,
      version,
      actionHash,
      user,
      createdAt: isoTime(now),
      expiresAt,
    })
    return { token, expiresAt }
  })
}
