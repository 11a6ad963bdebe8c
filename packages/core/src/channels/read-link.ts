import {
  GovernanceError,
  type OpenedApprovalLink,
  type ProposalCard,
  type RefusedApprovalLink,
} from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { inWorkspace } from '../database/transaction.ts'
import { readCard } from '../proposals/read-card.ts'
import type { Gate } from '../routing/gate.ts'
import { settleActor } from '../settle-actor.ts'
import { identifyMember } from './identify-member.ts'
import { isWithinLinks, refused } from './link-refusal.ts'
import { findLink, type StoredLink } from './link-store.ts'
import { readLinkToken } from './link-token.ts'

/** A link that could decide, and as whom. */
export interface UsableLink {
  readonly outcome: 'usable'
  readonly link: StoredLink
  readonly actor: Actor
}

/** Finds a link that was not used and whose member is still one; what is said of others says nothing of a proposal. */
export async function findUsable(gate: Gate, token: string): Promise<UsableLink | RefusedApprovalLink> {
  const place = readLinkToken(token)
  if (place === undefined) return refused('unknown')
  const { workspace, tokenHash } = place
  const link = await inWorkspace(gate.context.database, { workspace }, (tx) => findLink(tx, tokenHash))
  if (link === undefined) return refused('unknown')
  if (link.isUsed) return refused('used')
  if (Date.parse(link.expiresAt) <= gate.context.clock.now()) return refused('expired')
  // As a name of the credential: enough to tell links apart, and no use to anybody.
  const credential = `email:${tokenHash.slice(0, 16)}`
  const identity = await identifyMember(gate.context, { workspace, user: link.user, credential })
  if (identity === undefined) return refused('not_allowed')
  return { outcome: 'usable', link, actor: settleActor(identity) }
}

/** Reads what a link would decide on, for whoever holds it. It changes nothing. */
export async function readLink(gate: Gate, token: string): Promise<OpenedApprovalLink> {
  const found = await findUsable(gate, token)
  if (found.outcome === 'refused') return found
  const { link, actor } = found
  const card = await cardFor(gate, actor, link.proposal)
  if (card === undefined) return refused('not_allowed')
  const refusal = refusalOf(card, link)
  if (refusal !== undefined) return refusal
  return { outcome: 'open', workspace: actor.workspace, user: link.user, expiresAt: link.expiresAt, card }
}

async function cardFor(gate: Gate, actor: Actor, proposal: string): Promise<ProposalCard | undefined> {
  try {
    return await readCard(gate, actor, proposal)
  } catch (error) {
    const isRefused = GovernanceError.isInstance(error) && ['PERMISSION_DENIED', 'NOT_FOUND'].includes(error.code)
    if (isRefused) return undefined
    throw error
  }
}

/** Why a link does not decide on what a card shows; undefined when it would. */
function refusalOf(
  { proposal, mayDecide, serverTime }: ProposalCard,
  link: StoredLink,
): RefusedApprovalLink | undefined {
  const { state, version, actionHash, risk, expiresAt } = proposal
  if (state === 'expired' || (state === 'pending' && expiresAt <= serverTime)) return refused('expired')
  if (state !== 'pending') return refused('decided', mayDecide.reason ?? undefined)
  if (version !== link.version || actionHash !== link.actionHash) return refused('changed')
  if (!isWithinLinks(risk)) return refused('risk_too_high')
  return mayDecide.allowed ? undefined : refused('not_allowed', mayDecide.reason ?? undefined)
}
