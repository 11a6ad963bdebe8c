import type { ProposalState } from '@preceptor/client'
import type { GovernorContext, SettledExecution } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import type { EventKind } from '../journal/event-kinds.ts'
import { isoTime } from '../kernel/clock.ts'
import { moveProposal } from './approval-store.ts'
import { noteRun } from './note-proposal.ts'

const KINDS: Readonly<Partial<Record<ProposalState, EventKind>>> = {
  succeeded: 'proposal.succeeded',
  failed: 'proposal.failed',
  outcome_unknown: 'proposal.outcome_unknown',
}

/** Moves a proposal along with the end of its run, and notes what that shows, in the transaction that records that end. */
export async function followExecution(
  context: Pick<GovernorContext, 'clock' | 'ids' | 'journal'>,
  tx: Tx,
  { proposalId, executionId, agent, actor, end, shown }: SettledExecution,
): Promise<void> {
  if (proposalId === null) return
  // Nothing ran under a claim that was given back: the approval is still good for one run.
  const to = end === 'released' ? 'approved' : end
  const at = isoTime(context.clock.now())
  const moved = await moveProposal(tx, { id: proposalId, from: ['executing'], to, at })
  const kind = KINDS[to]
  if (!moved || kind === undefined) return
  await context.journal.append(tx, { kind, subject: proposalId, agent, body: { actor, executionId } })
  if (shown !== null) await noteRun(context, tx, proposalId, shown)
}
