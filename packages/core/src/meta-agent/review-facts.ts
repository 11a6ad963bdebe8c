import { type Agent, GovernanceError, type JsonObject, type ProposalCardHistory } from '@preceptor/client'
import { getAgent } from '../agents/get-agent.ts'
import type { Tx } from '../database/transaction.ts'
import { type BoundProposal, findBoundProposal } from '../proposals/approval-store.ts'
import { type CardAction, findCardFacts, listPrecedents, type Precedent, readHistory } from '../proposals/card-store.ts'
import { findProposal } from '../proposals/store.ts'
import { capabilitiesOf } from '../training/gaps.ts'
import { listSameCalls, type SameCall } from './review-store.ts'

/** Whether an action is of the field of an agent; `unknown` where the agent states none. */
export type Field = 'on' | 'off' | 'unknown'

/** What a review goes by, as it stands at one moment. */
export interface ReviewFacts {
  readonly proposal: BoundProposal
  readonly agent: Pick<Agent, 'category' | 'capabilities' | 'maturity'>
  /** Null when its definition is no more in the catalogue. */
  readonly action: CardAction | null
  readonly field: Field
  /** What the agent says about it. */
  readonly context: JsonObject | null
  /** What became of the last decided proposals of the agent for the action. */
  readonly history: ProposalCardHistory
  /** What it last ran of the action after an approval, the newest first. */
  readonly precedents: readonly Precedent[]
  /** What was decided on the same args, the newest first. */
  readonly same: readonly SameCall[]
}

/** Reads what a review goes by. @throws GovernanceError `FACT_INVALID` for a proposal that is not there. */
export async function readReviewFacts(tx: Tx, id: string): Promise<ReviewFacts> {
  const proposal = await findBoundProposal(tx, { by: 'id', id })
  const stored = await findCardFacts(tx, id)
  if (proposal === undefined || stored === undefined) throw new GovernanceError('FACT_INVALID')
  const agent = await getAgent(tx, proposal.agent)
  return {
    proposal,
    agent,
    action: stored.action,
    field: stored.action === null ? 'unknown' : fieldOf(agent, stored.action.capability),
    context: (await findProposal(tx, id))?.context ?? null,
    history: await readHistory(tx, proposal),
    precedents: await listPrecedents(tx, proposal),
    same: await listSameCalls(tx, proposal),
  }
}

/** Whether a capability is one that the agent has, or one of its category. Upper and lower case are the same. */
export function fieldOf(agent: Pick<Agent, 'category' | 'capabilities'>, capability: string): Field {
  const known = [...agent.capabilities, ...capabilitiesOf(agent.category)]
  if (known.length === 0) return 'unknown'
  return known.some((one) => one.toLowerCase() === capability.toLowerCase()) ? 'on' : 'off'
}
