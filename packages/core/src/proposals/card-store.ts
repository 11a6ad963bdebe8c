import type { JsonObject, Maturity, PreviewBlock, ProposalCardHistory, ProposalState, Risk } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { isoOf, isThere, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'
import type { StoredArgs } from './hidden-args.ts'

/** What is stored with the present version for who decides, and the action as it is registered. */
export interface CardFacts {
  readonly summary: string | null
  readonly preview: readonly PreviewBlock[] | 'failed' | null
  /** The args that were asked for. */
  readonly first: StoredArgs
  readonly action: CardAction | null
}

/** The definition that the present version is bound to. */
export interface CardAction {
  readonly risk: Risk
  readonly capability: string
  readonly idempotent: boolean
  readonly ceiling: Maturity
  readonly schema: JsonObject | null
}

/** Reads what is shown of the present version beyond the proposal itself. */
export async function findCardFacts(tx: Tx, id: string): Promise<CardFacts | undefined> {
  const row = await rowOf<{
    readonly summary: string | null
    readonly preview: CardFacts['preview']
    readonly first_args: JsonObject
    readonly first_sensitive: readonly SensitivePath[]
    readonly action: CardAction | null
  }>(
    tx,
    sql`select v.summary, v.preview, f.args as first_args, f.sensitive as first_sensitive,
          case when a.digest is null then null else jsonb_build_object('risk', a.risk, 'capability', a.capability,
            'idempotent', a.idempotent, 'ceiling', a.ceiling, 'schema', a.args_schema) end as action
        from proposals p
        join proposal_versions v on v.proposal_id = p.id and v.version = p.version
        join proposal_versions f on f.proposal_id = p.id and f.version = 1
        left join actions a on a.workspace_id = p.workspace_id and a.name = p.action and a.digest = p.digest
        where p.workspace_id = ${tx.workspace} and p.id = ${id}`,
  )
  if (row === undefined) return undefined
  const { summary, preview, action } = row
  return { summary, preview, action, first: { args: row.first_args, sensitive: row.first_sensitive } }
}

/** Which proposals of an agent for an action, beside the one that is looked at. */
export interface Alike {
  readonly id: string
  readonly agent: string
  readonly action: string
}

const KEPT = 20

/** A proposal that was approved and ran. */
export interface Precedent extends StoredArgs {
  readonly proposalId: string
  readonly decidedAt: string
}

/** Lists what the agent last ran of the action after an approval, at most 20, the newest first. */
export async function listPrecedents(tx: Tx, { id, agent, action }: Alike): Promise<readonly Precedent[]> {
  const rows = await rowsOf<{
    readonly id: string
    readonly decided_at: string
    readonly args: JsonObject
    readonly sensitive: readonly SensitivePath[]
  }>(
    tx,
    sql`select p.id, p.decided_at, v.args, v.sensitive from proposals p
        join proposal_versions v on v.proposal_id = p.id and v.version = p.version
        where p.workspace_id = ${tx.workspace} and p.agent_id = ${agent} and p.action = ${action} and p.id <> ${id}
          and p.state = 'succeeded'
          and p.decided_at < coalesce((select decided_at from proposals where id = ${id}), 'infinity')
        order by p.decided_at desc, p.id desc limit ${KEPT}`,
  )
  return rows.map((row) => ({
    proposalId: row.id,
    decidedAt: isoOf(row.decided_at),
    args: row.args,
    sensitive: row.sensitive,
  }))
}

/** Reads what became of the last 20 decided proposals of the agent for the action. */
export async function readHistory(tx: Tx, { id, agent, action }: Alike): Promise<ProposalCardHistory> {
  const rows = await rowsOf<{
    readonly id: string
    readonly state: ProposalState
    readonly decided_at: string
    readonly edited: boolean
  }>(
    tx,
    sql`select p.id, p.state, p.decided_at, exists (
            select from proposal_reviews r where r.proposal_id = p.id and r.verdict = 'edit')
          -- What a reviewer agent edited was not approved as it was asked for.
          or exists (select from proposal_versions v where v.proposal_id = p.id and v.version > 1
            and v.created_by like 'agent:%') as edited
        from (
          select id, state, decided_at from proposals
          where workspace_id = ${tx.workspace} and agent_id = ${agent} and action = ${action} and id <> ${id}
            and decided_at is not null and state not in ('pending', 'expired', 'cancelled')
          order by decided_at desc, id desc limit ${KEPT}
        ) as p order by p.decided_at desc, p.id desc`,
  )
  const approved = rows.filter(({ state }) => state !== 'rejected' && state !== 'responded')
  return {
    decided: rows.length,
    approvedUnchanged: approved.filter(({ edited }) => !edited).length,
    edited: approved.filter(({ edited }) => edited).length,
    rejected: rows.filter(({ state }) => state === 'rejected').length,
    last: rows.map((row) => ({ proposalId: row.id, state: row.state, decidedAt: isoOf(row.decided_at) })),
  }
}

/** Whether the agent asked for the action before, in a proposal older than the one that is looked at. */
export async function hasAskedBefore(tx: Tx, { id, agent, action }: Alike): Promise<boolean> {
  return isThere(
    tx,
    sql`select from proposals p join proposals this on this.id = ${id}
        where p.workspace_id = ${tx.workspace} and p.agent_id = ${agent} and p.action = ${action}
          and (p.created_at, p.id) < (this.created_at, this.id)`,
  )
}
