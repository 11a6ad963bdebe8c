import { GovernanceError, type Proposal, type ProposalExtension } from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Gate } from '../routing/gate.ts'
import type { BoundProposal } from './approval-store.ts'
import { prepareVersion } from './prepare-version.ts'
import { renewVersion } from './renew-version.ts'
import { reviewProposal } from './review-proposal.ts'
import { reviewedVersion, reviewTime } from './review-schemas.ts'

const LONGEST_LIFE_MS = 7 * 86_400_000
const input = z.strictObject({ ...reviewedVersion, until: reviewTime })

/**
 * Gives a pending proposal more time, at most until 7 days after it was made. The expiry is part of what is approved: this
 * makes the next version, with the same args, and approvals given so far count no more.
 *
 * @throws GovernanceError `PROPOSAL_DECIDED`, `PROPOSAL_CHANGED`, `PERMISSION_DENIED`, `NOT_FOUND`, `INPUT_INVALID`, or the
 * code by which the rules of now deny it.
 */
export async function extendProposal(
  gate: Gate,
  actor: Actor,
  { id, extension }: { readonly id: string; readonly extension: ProposalExtension },
): Promise<Proposal> {
  authorize(actor, 'proposals.extend')
  const { version, actionHash, until } = parseInput(input, extension, 'extension')
  const expiresAt = isoTime(Date.parse(until))
  const resolution = await prepareVersion(gate, actor, { id })
  const request = { operation: 'proposals.extend', id, reviewed: { version, actionHash } } as const
  return reviewProposal(gate, actor, request, async (tx, held) => {
    assertLonger(held.proposal, expiresAt)
    const renewed = await renewVersion(gate, tx, { actor, held, resolution, expiresAt, createdBy: held.reviewer })
    await gate.context.journal.append(tx, {
      kind: 'proposal.extended',
      subject: id,
      agent: renewed.agent,
      body: {
        actor: held.reviewer,
        version: renewed.version,
        actionHash: renewed.actionHash,
        expiresAt,
        was: held.proposal.expiresAt,
      },
    })
    return null
  })
}

function assertLonger({ expiresAt, createdAt }: BoundProposal, until: string): void {
  const latest = isoTime(Date.parse(createdAt) + LONGEST_LIFE_MS)
  if (until > expiresAt && until <= latest) return
  throw new GovernanceError('INPUT_INVALID', {
    message: `extension.until: a time after ${expiresAt}, and at most ${latest}, is needed.`,
  })
}
