import {
  type ApprovalLinkRefusal,
  type ErrorCode,
  GovernanceError,
  type LinkDecision,
  type LinkDecisionResult,
  type Proposal,
} from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { approveProposal } from '../proposals/approve-proposal.ts'
import { rejectProposal } from '../proposals/end-proposal.ts'
import type { HeldReview } from '../proposals/review-proposal.ts'
import type { Gate } from '../routing/gate.ts'
import { isWithinLinks, refused } from './link-refusal.ts'
import { type StoredLink, useLink } from './link-store.ts'
import { findUsable, type UsableLink } from './read-link.ts'

/**
 * Decides by a link as the member that it was made for: the decision and the use of the link are one transaction, so that
 * of two who hold the same link one decides, and a decision that fails leaves the link as it was.
 */
export async function decideByLink(gate: Gate, token: string, decision: LinkDecision): Promise<LinkDecisionResult> {
  const found = await findUsable(gate, token)
  if (found.outcome === 'refused') return found
  const { link, actor } = found
  // What the page has shown must be what the link is for, before anything is held.
  if (decision.version !== link.version || decision.actionHash !== link.actionHash) return refused('invalid')
  const spending = spend(gate, link)
  try {
    const proposal = await decide(gate, found, { decision, spend: spending.run })
    return { outcome: 'decided', workspace: actor.workspace, user: link.user, proposal }
  } catch (error) {
    const { refusal } = spending
    if (refusal !== undefined) return refused(refusal)
    const known = GovernanceError.isInstance(error) ? REFUSALS[error.code] : undefined
    if (known === undefined || !GovernanceError.isInstance(error)) throw error
    return refused(known, error.message)
  }
}

const REFUSALS: Readonly<Partial<Record<ErrorCode, ApprovalLinkRefusal>>> = {
  PROPOSAL_DECIDED: 'decided',
  PROPOSAL_CHANGED: 'changed',
  PERMISSION_DENIED: 'not_allowed',
  NOT_FOUND: 'not_allowed',
  INPUT_INVALID: 'invalid',
}

function decide(
  gate: Gate,
  { link, actor }: UsableLink,
  { decision: given, spend }: { readonly decision: LinkDecision; readonly spend: Spending['run'] },
): Promise<Proposal> {
  const { version, actionHash } = link
  const { reason } = given
  switch (given.decision) {
    case 'approve': {
      const approval = { version, actionHash, ...(reason === undefined ? {} : { reason }) }
      return approveProposal(gate, actor, { id: link.proposal, approval, spend })
    }
    case 'reject': {
      const { category, reason: why } = given
      return rejectProposal(gate, actor, {
        id: link.proposal,
        rejection: { version, actionHash, category, reason: why },
        spend,
      })
    }
    default:
      given satisfies never
      throw new GovernanceError('INPUT_INVALID', { message: 'decision: approve or reject is needed.' })
  }
}

interface Spending {
  readonly run: (tx: Tx, held: HeldReview) => Promise<void>
  /** Why it was not used, once that is known. */
  readonly refusal: ApprovalLinkRefusal | undefined
}

/** Uses a link in the transaction of the decision, or lets that fail. */
function spend(gate: Gate, { tokenHash }: StoredLink): Spending {
  const noted: { refusal: ApprovalLinkRefusal | undefined } = { refusal: undefined }
  return {
    get refusal() {
      return noted.refusal
    },
    async run(tx, { proposal }) {
      const at = isoTime(gate.context.clock.now())
      noted.refusal = undefined
      if (!isWithinLinks(proposal.risk)) noted.refusal = 'risk_too_high'
      else if (!(await useLink(tx, { tokenHash, at }))) noted.refusal = 'used'
      if (noted.refusal !== undefined) throw new GovernanceError('CREDENTIAL_INVALID')
    },
  }
}
