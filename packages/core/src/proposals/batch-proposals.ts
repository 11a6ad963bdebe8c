import {
  GovernanceError,
  type Proposal,
  type ProposalBatch,
  type ProposalBatchItem,
  type ProposalBatchResult,
} from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isHigh } from '../policy/is-high.ts'
import type { Gate } from '../routing/gate.ts'
import { toFault } from '../routing/to-fault.ts'
import { approveProposal } from './approve-proposal.ts'
import { rejectProposal } from './end-proposal.ts'
import { getProposal } from './review-proposal.ts'
import { rejectionCategory, reviewedVersion, reviewReason } from './review-schemas.ts'

const MOST_ITEMS = 50
const items = z
  .array(z.strictObject({ id: z.string().min(1).max(200), ...reviewedVersion }))
  .min(1)
  .max(MOST_ITEMS)
const input = z.discriminatedUnion('decision', [
  z.strictObject({ decision: z.literal('approve'), items, reason: reviewReason.optional() }),
  z.strictObject({ decision: z.literal('reject'), items, category: rejectionCategory, reason: reviewReason }),
])
type Batch = z.output<typeof input>

/**
 * Decides on several proposals that are alike, each in a transaction of its own: what one of them comes to changes nothing
 * for the others.
 *
 * @throws GovernanceError `INPUT_INVALID` when they are not alike, `NOT_FOUND`, `PERMISSION_DENIED`, or the code of a fault;
 * nothing is decided then.
 */
export async function batchProposals(gate: Gate, actor: Actor, request: ProposalBatch): Promise<ProposalBatchResult> {
  authorize(actor, 'proposals.batch')
  const batch = parseInput(input, request, 'batch')
  const proposals = await inWorkspace(gate.context.database, { workspace: actor.workspace }, async (tx) => {
    const found: Proposal[] = []
    for (const { id } of batch.items) found.push(await getProposal(tx, actor, { operation: 'proposals.batch', id }))
    return found
  })
  assertAlike(proposals)
  const results: ProposalBatchItem[] = []
  for (const item of batch.items) results.push(await decideOne(gate, actor, { batch, item }))
  return { items: results }
}

/** What a person may take in at one glance, and no more. */
function assertAlike(proposals: readonly Proposal[]): void {
  const differ = (of: (proposal: Proposal) => unknown): boolean => new Set(proposals.map(of)).size > 1
  const problems = [
    new Set(proposals.map(({ id }) => id)).size < proposals.length && 'each only once',
    differ(({ agent }) => agent) && 'of one agent',
    differ(({ action }) => action) && 'of one action',
    differ(({ policyVersion }) => policyVersion) && 'made under one version of the policy',
    proposals.some(({ risk }) => isHigh(risk)) && 'of medium risk at most',
    proposals.some(({ requiredApprovals }) => requiredApprovals > 1) && 'with one approval each',
  ].filter((problem) => problem !== false)
  if (problems.length === 0) return
  throw new GovernanceError('INPUT_INVALID', {
    message: `batch.items: proposals are decided together only ${problems.join(', ')}.`,
    hint: 'Decide on the others one by one.',
  })
}

async function decideOne(
  gate: Gate,
  actor: Actor,
  { batch, item }: { readonly batch: Batch; readonly item: Batch['items'][number] },
): Promise<ProposalBatchItem> {
  const { id, ...reviewed } = item
  try {
    const proposal = await decide(gate, actor, { batch, id, reviewed })
    return { id, result: 'decided', proposal }
  } catch (error) {
    const { code, message } = toFault(error)
    return { id, result: 'refused', problem: { code, message } }
  }
}

function decide(
  gate: Gate,
  actor: Actor,
  input: {
    readonly batch: Batch
    readonly id: string
    readonly reviewed: { readonly version: number; readonly actionHash: string }
  },
): Promise<Proposal> {
  const { batch, id, reviewed } = input
  if (batch.decision === 'approve') {
    const { reason } = batch
    return approveProposal(gate, actor, { id, approval: { ...reviewed, ...(reason && { reason }) }, batch: true })
  }
  const { category, reason } = batch
  return rejectProposal(gate, actor, { id, rejection: { ...reviewed, category, reason }, batch: true })
}
