import type { JsonObject } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { SensitivePath } from '../journal/redact-schema.ts'

/** A call of an agent that was not let through as it was. */
export interface OwnCall {
  /** Of the proposal, or of the blocked trigger. */
  readonly id: string
  readonly kind: 'edited' | 'rejected' | 'blocked'
  readonly version: number
  readonly action: string
  readonly capability: string
  readonly resource: string | null
  /** What the agent said about it. */
  readonly context: JsonObject | null
  /** As they were asked for. */
  readonly args: JsonObject
  readonly argsHash: string
  /** What was approved in their place; null where nothing was. */
  readonly approved: JsonObject | null
  /** Places that one of the versions hides. */
  readonly sensitive: readonly SensitivePath[]
  /** JSON Schema of the args; null when the action takes any object. */
  readonly schema: JsonObject | null
}

const KEPT = 50

interface CallRow {
  readonly id: string
  readonly version: number
  readonly action: string
  readonly capability: string
  readonly resource: string | null
  readonly context: JsonObject | null
  readonly args: JsonObject
  readonly args_hash: string
  readonly sensitive: readonly SensitivePath[]
  readonly schema: JsonObject | null
}

/** Lists the proposals of an agent that people edited and approved, or rejected, at most 50, the newest first. */
export async function listReviewedCalls(tx: Tx, agent: string): Promise<readonly OwnCall[]> {
  const rows = await rowsOf<
    CallRow & {
      readonly is_rejected: boolean
      readonly approved: JsonObject
      readonly hidden: readonly SensitivePath[]
    }
  >(
    tx,
    sql`select p.id, p.version, p.action, a.capability, p.resource, p.context, f.args, f.args_hash, f.sensitive,
          a.args_schema as schema, p.state = 'rejected' as is_rejected, v.args as approved, v.sensitive as hidden
        from proposals p
        join proposal_versions f on f.proposal_id = p.id and f.version = 1
        join proposal_versions v on v.proposal_id = p.id and v.version = p.version
        join actions a on a.workspace_id = p.workspace_id and a.name = p.action and a.digest = p.digest
        where p.workspace_id = ${tx.workspace} and p.agent_id = ${agent}
          and (p.state = 'rejected' or p.state in ('approved', 'executing', 'succeeded') and exists (
            select from proposal_reviews r where r.proposal_id = p.id and r.verdict = 'edit'))
        order by p.decided_at desc, p.id desc limit ${KEPT}`,
  )
  return rows.map(({ args_hash: argsHash, is_rejected: isRejected, hidden, approved, ...row }) => ({
    ...row,
    argsHash,
    kind: isRejected ? 'rejected' : 'edited',
    approved: isRejected ? null : approved,
    sensitive: [...row.sensitive, ...hidden],
  }))
}

/** Lists what of an agent was blocked for a course, at most 50, the newest first. */
export async function listBlockedCalls(tx: Tx, proposal: string): Promise<readonly OwnCall[]> {
  const rows = await rowsOf<CallRow>(
    tx,
    sql`select b.id, 1 as version, b.action, a.capability, b.resource, b.context, b.args, b.args_hash, b.sensitive,
          a.args_schema as schema
        from blocked_triggers b
        join lateral (select capability, args_schema from actions
          where workspace_id = b.workspace_id and name = b.action
          order by registered_at desc, digest limit 1) a on true
        where b.workspace_id = ${tx.workspace} and b.training_proposal_id = ${proposal}
        order by b.created_at desc, b.id desc limit ${KEPT}`,
  )
  return rows.map(({ args_hash: argsHash, ...row }) => ({ ...row, argsHash, kind: 'blocked', approved: null }))
}
