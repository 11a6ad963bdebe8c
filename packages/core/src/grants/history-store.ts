import type { JsonObject, Maturity, ProposalState, Risk } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { maskArgs } from '../journal/mask-sensitive.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'

/** What was once asked for. */
export interface AskedBefore {
  readonly proposalId: string
  readonly action: string
  /** As they were asked for, whatever a reviewer made of them; masked, so that no matcher finds out what is hidden. */
  readonly args: JsonObject
  readonly resource: string | null
  readonly state: ProposalState
  /** Whether it was decided on with the args that were asked for. */
  readonly unchanged: boolean
  readonly risk: Risk
  readonly requiredApprovals: number
  readonly source: string
  readonly delegated: boolean
  readonly createdAt: string
  readonly decidedAt: string | null
}

interface AskedRow {
  readonly id: string
  readonly action: string
  readonly args: JsonObject
  readonly sensitive: readonly SensitivePath[]
  readonly resource: string | null
  readonly state: ProposalState
  readonly unchanged: boolean
  readonly risk: Risk
  readonly required_approvals: number
  readonly source: string
  readonly delegated: boolean
  readonly created_at: string
  readonly decided_at: string | null
}

const asked = sql`select p.id, p.action, first.args, first.sensitive, p.resource, p.state, p.requested_hash = present.args_hash as unchanged,
    p.risk, p.required_approvals, p.source, p.delegation <> '{}' as delegated, p.created_at, p.decided_at
  from proposals p
  join proposal_versions first on first.proposal_id = p.id and first.version = 1
  join proposal_versions present on present.proposal_id = p.id and present.version = p.version`

/** Reads the newest proposals of an agent and action. */
export async function listAsked(
  tx: Tx,
  query: { readonly agent: string; readonly action: string; readonly limit: number },
): Promise<readonly AskedBefore[]> {
  const rows = await rowsOf<AskedRow>(
    tx,
    sql`${asked} where p.workspace_id = ${tx.workspace} and p.agent_id = ${query.agent} and p.action = ${query.action}
        order by p.created_at desc, p.id desc limit ${query.limit}`,
  )
  return rows.map(toAsked)
}

/** Reads the newest proposals of an agent that people decided on since a time. */
export async function listDecided(
  tx: Tx,
  query: { readonly agent: string; readonly action: string | null; readonly since: string; readonly limit: number },
): Promise<readonly AskedBefore[]> {
  const rows = await rowsOf<AskedRow>(
    tx,
    sql`${asked} where p.workspace_id = ${tx.workspace} and p.agent_id = ${query.agent}
          and (${query.action}::text is null or p.action = ${query.action})
          and p.decided_at >= ${query.since} and p.decided_by <> '{}'
          and p.state in ('approved', 'executing', 'succeeded', 'failed', 'outcome_unknown', 'rejected', 'responded')
        order by p.decided_at desc, p.id desc limit ${query.limit}`,
  )
  return rows.map(toAsked)
}

function toAsked(row: AskedRow): AskedBefore {
  return {
    proposalId: row.id,
    action: row.action,
    args: maskArgs(row.args, row.sensitive),
    resource: row.resource,
    state: row.state,
    unchanged: row.unchanged,
    risk: row.risk,
    requiredApprovals: row.required_approvals,
    source: row.source,
    delegated: row.delegated,
    createdAt: isoOf(row.created_at),
    decidedAt: isoOf(row.decided_at),
  }
}

/** The maturity of an agent as a whole, and since when it has had it, there and at every capability. */
export async function findStanding(
  tx: Tx,
  agent: string,
): Promise<{ readonly maturity: Maturity; readonly since: string } | undefined> {
  const row = await rowOf<{ readonly maturity: Maturity; readonly maturity_since: string }>(
    tx,
    sql`select m.maturity, (select max(maturity_since) from maturity_records
          where workspace_id = m.workspace_id and agent_id = m.agent_id) as maturity_since
        from maturity_records m
        where m.workspace_id = ${tx.workspace} and m.agent_id = ${agent} and m.capability = '*'`,
  )
  return row && { maturity: row.maturity, since: isoOf(row.maturity_since) }
}
