import { GovernanceError, type PreviewBlock, type Proposal, type ProposalCard } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { accessOf, authorize, visibleArgs } from '../access/authorize.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { maskArgs } from '../journal/mask-sensitive.ts'
import { isoTime } from '../kernel/clock.ts'
import { factsAbout } from '../routing/current-facts.ts'
import type { Facts } from '../routing/facts.ts'
import type { Gate } from '../routing/gate.ts'
import { readLimitUses } from '../routing/limits.ts'
import { findAdvice } from './advice-store.ts'
import { approvalsOf, type BoundProposal, findBoundProposal } from './approval-store.ts'
import { riskReasons } from './card-risk.ts'
import {
  type CardFacts,
  findCardFacts,
  hasAskedBefore,
  listPrecedents,
  type Precedent,
  readHistory,
} from './card-store.ts'
import { genericPreview, genericSummary } from './generic-preview.ts'
import { maskedPointers, visibleChanges } from './hidden-args.ts'
import { approvedAlready, assertNotInvolved, assertPending, getProposal } from './review-proposal.ts'
import { seesNotes } from './visible-proposal.ts'

const OPERATION = 'proposals.card'
const ATTEMPTS = 3

/**
 * Reads everything that a person needs to decide on a proposal, as it stands at one moment.
 *
 * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`, `CONFLICT` while it keeps changing, or the code of a fault.
 */
export async function readCard(gate: Gate, actor: Actor, id: string): Promise<ProposalCard> {
  authorize(actor, OPERATION)
  const scope = { workspace: actor.workspace }
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const card = await inWorkspace(gate.context.database, scope, (tx) => readOnce(gate, tx, { actor, id }))
    if (card !== null) return card
  }
  throw new GovernanceError('CONFLICT', { message: `The proposal ${id.slice(0, 60)} changed while it was read.` })
}

interface CardInput {
  readonly proposal: Proposal
  readonly bound: BoundProposal
  readonly stored: CardFacts
  readonly facts: Facts
  /** What the agent ran of the action before, the newest first. */
  readonly precedents: readonly Precedent[]
  /** Who approved the present version. */
  readonly approvers: readonly string[]
}

/** Null when it changed between two statements: a reviewer must not be shown parts of two versions. */
async function readOnce(
  gate: Gate,
  tx: Tx,
  { actor, id }: { readonly actor: Actor; readonly id: string },
): Promise<ProposalCard | null> {
  const proposal = await getProposal(tx, actor, { operation: OPERATION, id })
  const stored = await findCardFacts(tx, id)
  const bound = await findBoundProposal(tx, { by: 'id', id })
  if (bound?.version !== proposal.version || stored === undefined || bound.state !== proposal.state) return null
  const facts = await factsAbout(gate, tx, { agents: [bound.agent, ...bound.delegation], hold: false })
  const approvers = (await approvalsOf(tx, bound)).map(({ reviewer }) => reviewer)
  const input = { proposal, bound, stored, facts, approvers, precedents: await listPrecedents(tx, bound) }
  const card: ProposalCard = {
    ...shownOf(input),
    risk: { level: proposal.risk, reasons: await reasonsOf(gate, tx, input) },
    mayDecide: await mayDecide(gate, tx, { actor, ...input }),
    history: await readHistory(tx, bound),
    advice: seesNotes(actor, OPERATION) ? await findAdvice(tx, bound) : null,
    serverTime: isoTime(gate.context.clock.now()),
  }
  return accessOf(actor, OPERATION) === 'redacted' ? withoutValues(actor, card) : card
}

type Shown = Omit<ProposalCard, 'risk' | 'mayDecide' | 'history' | 'advice' | 'serverTime'>

function shownOf({ proposal, bound, stored, precedents, approvers }: CardInput): Shown {
  const { agent, fingerprint, action, digest, policyVersion, expiresAt, nonce, version } = bound
  const [last] = precedents
  const args = maskArgs(bound.args, bound.sensitive)
  return {
    proposal,
    summary: stored.summary ?? genericSummary(action, args),
    preview: previewOf(stored, args),
    changes: {
      against: last === undefined ? null : { proposalId: last.proposalId, decidedAt: last.decidedAt },
      entries: last === undefined ? [] : visibleChanges(last, bound),
    },
    edits: version === 1 ? [] : visibleChanges(stored.first, bound),
    masked: maskedPointers(bound),
    bound: { agent, fingerprint, action, digest, policyVersion, expiresAt, nonce, version },
    schema: stored.action?.schema ?? null,
    approvals: { required: bound.requiredApprovals, given: approvers },
  }
}

const FAILED: PreviewBlock = {
  kind: 'warning',
  text: 'What this action shows to reviewers could not be had. These are its arguments as they are.',
}

function previewOf({ preview }: CardFacts, args: Proposal['args']): readonly PreviewBlock[] {
  if (preview === null) return genericPreview(args)
  return preview === 'failed' ? [FAILED, ...genericPreview(args)] : preview
}

async function reasonsOf(gate: Gate, tx: Tx, input: CardInput): Promise<readonly string[]> {
  const { proposal, bound, stored, facts, precedents } = input
  const { policy } = facts
  const { agent, delegation, action: name, args, resource } = bound
  const action = stored.action
  const rule = action === null ? null : policy.ruleFor({ name, ...action })
  const at = isoTime(gate.context.clock.now())
  const limits = await readLimitUses(tx, {
    agents: [agent, ...delegation],
    args,
    resource,
    limits: rule?.limits ?? [],
    at,
  })
  const isFirst = !(await hasAskedBefore(tx, bound))
  return riskReasons({ proposal, action, policy, rule, limits, isFirst, precedents })
}

const REFUSALS: readonly string[] = ['PERMISSION_DENIED', 'PROPOSAL_DECIDED']

/** Asks what an approval would ask, in the same words. */
async function mayDecide(
  gate: Gate,
  tx: Tx,
  { actor, bound: proposal, facts, approvers }: CardInput & { readonly actor: Actor },
): Promise<ProposalCard['mayDecide']> {
  const agent = facts.agents.get(proposal.agent)
  if (agent === undefined) throw new GovernanceError('FACT_INVALID')
  try {
    authorize(actor, 'proposals.approve')
    assertPending(proposal, gate.context.clock.now())
    await assertNotInvolved(tx, actor, { proposal, agent, facts })
    if (approvers.includes(actorName(actor))) throw approvedAlready(actorName(actor))
    return { allowed: true, reason: null }
  } catch (error) {
    if (!GovernanceError.isInstance(error) || !REFUSALS.includes(error.code)) throw error
    return { allowed: false, reason: error.message }
  }
}

/** Who may see which args there are, but not what they hold, is shown nothing that was made of their values. */
function withoutValues(actor: Actor, card: ProposalCard): ProposalCard {
  const { proposal } = card
  return {
    ...card,
    proposal: {
      ...proposal,
      args: visibleArgs(actor, OPERATION, proposal.args),
      context: visibleArgs(actor, OPERATION, proposal.context),
    },
    summary: `Asks for ${proposal.action}.`,
    risk: { ...card.risk, reasons: [] },
    preview: [],
    changes: { ...card.changes, entries: [] },
    edits: [],
    masked: [],
  }
}
