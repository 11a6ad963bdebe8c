import { sql } from 'drizzle-orm'
import { rowOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** What people decided on the present version of a proposal. */
export interface ProposalDecisionFacts {
  readonly agent: string
  readonly action: string
  /** That of the action, as it was registered when it was proposed. */
  readonly capability: string
  readonly source: string
  /** Whether it was a question, which shows nothing of the agent. */
  readonly isQuestion: boolean
  readonly decidedBy: readonly string[]
  /** Whether its args are not those that were asked for. */
  readonly isEdited: boolean
  /** Whether one of the people had decided on another proposal less than 3 seconds before. */
  readonly isHasty: boolean
}

/** Reads what was decided on a proposal. */
export async function findDecisionFacts(tx: Tx, proposal: string): Promise<ProposalDecisionFacts | undefined> {
  const row = await rowOf<{
    readonly agent_id: string
    readonly action: string
    readonly capability: string
    readonly source: string
    readonly is_question: boolean
    readonly decided_by: readonly string[]
    readonly edited: boolean
    readonly hasty: boolean
  }>(
    tx,
    sql`select p.agent_id, p.action, p.source, p.decided_by, v.args_hash <> p.requested_hash as edited,
          coalesce((select a.capability from actions a where a.workspace_id = p.workspace_id and a.name = p.action
            and a.digest = p.digest), split_part(p.action, '.', 1)) as capability,
          exists (select from actions a where a.workspace_id = p.workspace_id and a.name = p.action and a.digest = p.digest
            and a.asks_people) as is_question,
          exists (select from proposal_reviews r join proposal_reviews before on before.workspace_id = r.workspace_id
            and before.reviewer = r.reviewer and before.proposal_id <> r.proposal_id
            and before.created_at > r.created_at - interval '3 seconds'
            and (before.created_at, before.id) < (r.created_at, r.id)
            where r.workspace_id = p.workspace_id and r.proposal_id = p.id and r.version = p.version
              and r.reviewer = any(p.decided_by)) as hasty
        from proposals p join proposal_versions v on v.proposal_id = p.id and v.version = p.version
        where p.workspace_id = ${tx.workspace} and p.id = ${proposal}`,
  )
  if (row === undefined) return undefined
  const {
    agent_id: agent,
    decided_by: decidedBy,
    edited: isEdited,
    hasty: isHasty,
    is_question: isQuestion,
    ...rest
  } = row
  return { ...rest, agent, decidedBy, isEdited, isHasty, isQuestion }
}
