import { GovernanceError } from '@preceptor/client'
import { userOf } from '../access/actor.ts'
import type { GovernorContext, ShownRun } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { noteEvidence } from '../maturity/earn.ts'
import type { Evidence } from '../maturity/evidence.ts'
import { recordCapability } from '../maturity/record-capability.ts'
import type { Policy } from '../policy/policy.ts'
import { findDecisionFacts, type ProposalDecisionFacts } from './proposal-evidence-store.ts'

type NoteContext = Pick<GovernorContext, 'clock' | 'ids'>
type Outcome = Extract<Evidence, { kind: 'proposal' }>['outcome']

/** Notes what the run of an approved proposal has shown of its agent, in the transaction that records how it ended. */
export async function noteRun(context: NoteContext, tx: Tx, id: string, shown: ShownRun): Promise<void> {
  const facts = await getDecisionFacts(tx, id)
  const succeeded = facts.isEdited ? 'edited' : 'approved'
  const { capability, beganAt } = shown
  await note(context, tx, {
    id,
    facts,
    outcome: shown.outcome === 'failed' ? 'failed' : succeeded,
    counts: { capability, beganAt },
  })
}

/** Notes that a proposal was rejected, in the transaction that records it; what a person asked for by hand says nothing. */
export async function noteRejection(
  context: NoteContext,
  tx: Tx,
  { id, promotion }: { readonly id: string; readonly promotion: Policy['promotion'] },
): Promise<void> {
  const facts = await getDecisionFacts(tx, id)
  if (facts.source === 'manual') return
  const counts = { capability: recordCapability(promotion, facts.capability) }
  await note(context, tx, { id, facts, outcome: 'rejected', counts })
}

async function getDecisionFacts(tx: Tx, id: string): Promise<ProposalDecisionFacts> {
  const facts = await findDecisionFacts(tx, id)
  if (facts === undefined) throw new GovernanceError('FACT_INVALID', { message: `There is no proposal ${id}.` })
  return facts
}

const SAID: Readonly<Record<Outcome, string>> = {
  approved: 'was approved as it was and succeeded',
  edited: 'succeeded as edited',
  failed: 'was approved and failed',
  rejected: 'was rejected',
}

interface NotedProposal {
  readonly id: string
  readonly facts: ProposalDecisionFacts
  readonly outcome: Outcome
  readonly counts: { readonly capability: string; readonly beganAt?: string }
}

async function note(context: NoteContext, tx: Tx, { id, facts, outcome, counts }: NotedProposal): Promise<void> {
  const { agent, action, decidedBy, isHasty, isQuestion } = facts
  if (isQuestion) return
  // What an agent said of another earns nothing and costs nothing; how a run failed is a fact, whoever let it run.
  if (outcome !== 'failed' && decidedBy.length > 0 && decidedBy.every((name) => userOf(name) === undefined)) return
  await noteEvidence(context, tx, {
    ...counts,
    agent,
    evidence: { kind: 'proposal', outcome },
    sourceId: id,
    reviewers: decidedBy,
    half: isHasty,
    actor: decidedBy.at(-1) ?? 'system:proposals',
    reason: `Proposal ${id} of ${action} ${SAID[outcome]}.`,
  })
}
