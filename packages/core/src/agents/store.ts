import type { Agent, AgentChange, AgentQuery, Fingerprint, Lifecycle, Maturity } from '@preceptor/client'
import { type SQL, sql } from 'drizzle-orm'
import { holdForChange } from '../database/hold.ts'
import { countOf, isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

interface AgentRow {
  readonly id: string
  readonly display_name: string
  readonly category: string | null
  readonly specialty: string | null
  readonly owner_id: string
  readonly lifecycle: Lifecycle
  readonly maturity: Maturity
  readonly confidence: number
  readonly epoch: string
  readonly capabilities: string[]
  readonly fingerprint: Fingerprint
  readonly fingerprint_capped: boolean
  readonly created_at: string
  readonly updated_at: string
}

const columns =
  sql.raw(`a.id, a.display_name, a.category, a.specialty, a.owner_id, a.lifecycle, m.maturity, m.confidence,
  a.epoch, a.capabilities, a.fingerprint, a.fingerprint_capped, a.created_at, a.updated_at`)

const source = sql.raw(`agents a join maturity_records m
  on m.workspace_id = a.workspace_id and m.agent_id = a.id and m.capability = '*'`)

/** A new agent with the first entry of its ledger. */
export interface NewAgent {
  readonly id: string
  readonly displayName: string
  readonly category: string | null
  readonly specialty: string | null
  readonly ownerId: string
  readonly capabilities: readonly string[]
  readonly fingerprint: Fingerprint
  readonly maturity: Maturity
  readonly confidence: number
  readonly entryId: string
  readonly actor: string
  readonly at: string
}

/** Inserts an agent, its maturity record and the opening entry of its ledger; false when the id is taken. */
export async function insertAgent(tx: Tx, agent: NewAgent): Promise<boolean> {
  const inserted = await countOf(
    tx,
    sql`with new_agent as (
          insert into agents (workspace_id, id, display_name, category, specialty, owner_id, capabilities, fingerprint,
            created_at, updated_at)
          values (${tx.workspace}, ${agent.id}, ${agent.displayName}, ${agent.category}, ${agent.specialty},
            ${agent.ownerId}, ${sql.param(agent.capabilities)}::text[], ${JSON.stringify(agent.fingerprint)}::jsonb,
            ${agent.at}, ${agent.at})
          on conflict do nothing
          returning id
        ), record as (
          insert into maturity_records (workspace_id, agent_id, capability, maturity, confidence, maturity_since,
            updated_at)
          select ${tx.workspace}, id, '*', ${agent.maturity}, ${agent.confidence}::int, ${agent.at}::timestamptz,
            ${agent.at}::timestamptz from new_agent
        )
        insert into confidence_entries (id, workspace_id, agent_id, capability, kind, requested, applied, confidence,
          source_type, source_id, actor, reason, created_at)
        select ${agent.entryId}, ${tx.workspace}, id, '*', 'registration', ${agent.confidence}::int,
          ${agent.confidence}::int, ${agent.confidence}::int, 'registration', id, ${agent.actor}, 'Registered.',
          ${agent.at}::timestamptz from new_agent`,
  )
  return inserted === 1
}

/** Finds an agent by id. */
export async function findAgent(tx: Tx, id: string): Promise<Agent | undefined> {
  const row = await rowOf<AgentRow>(
    tx,
    sql`select ${columns} from ${source} where a.workspace_id = ${tx.workspace} and a.id = ${id}`,
  )
  return row && toAgent(row)
}

/** Reads a page of agents in the order of their ids, one more than the limit. */
export async function listAgents(
  tx: Tx,
  query: AgentQuery & { readonly after: string; readonly limit: number; readonly only: readonly string[] | null },
): Promise<readonly Agent[]> {
  const rows = await rowsOf<AgentRow>(
    tx,
    sql`select ${columns} from ${source}
        where a.workspace_id = ${tx.workspace} and a.id > ${query.after}
          and (${query.maturity ?? null}::text is null or m.maturity = ${query.maturity ?? null})
          and (${query.lifecycle ?? null}::text is null or a.lifecycle = ${query.lifecycle ?? null})
          and (${sql.param(query.only)}::text[] is null or a.id = any(${sql.param(query.only)}::text[]))
        order by a.id limit ${query.limit + 1}`,
  )
  return rows.map(toAgent)
}

/**
 * Changes the descriptive fields of an agent; false when it does not exist. Who hands it over, and whose it was, is kept
 * with it.
 */
export async function updateAgent(
  tx: Tx,
  id: string,
  change: AgentChange & { readonly changedBy: string | null; readonly at: string },
): Promise<boolean> {
  await holdForChange(tx, id)
  const changed = await countOf(
    tx,
    sql`update agents set
          display_name = coalesce(${change.displayName ?? null}, display_name),
          category = case when ${change.category !== undefined} then ${change.category ?? null} else category end,
          specialty = case when ${change.specialty !== undefined} then ${change.specialty ?? null} else specialty end,
          owner_id = coalesce(${change.ownerId ?? null}, owner_id),
          hand_over_ids = case when ${change.ownerId ?? null}::text is null or ${change.ownerId ?? null} = owner_id
            then hand_over_ids
            else array(select distinct unnest(hand_over_ids || owner_id || array_remove(array[${change.changedBy}::text], null)))
            end,
          capabilities = coalesce(${sql.param(change.capabilities ?? null)}::text[], capabilities),
          updated_at = ${change.at}
        where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return changed === 1
}

/**
 * Whether one of some users owns the agent `a`, has owned it, or has changed whose it is: none of them judges it, whatever
 * there is to decide. Every check of that is this one.
 */
export function hadHandIn(userIds: SQL): SQL {
  return sql`((a.owner_id || a.hand_over_ids) && ${userIds})`
}

/** Whether one of some users has had a hand in an agent. */
export async function hasHadHandIn(tx: Tx, id: string, ...userIds: readonly string[]): Promise<boolean> {
  const row = await rowOf<{ readonly had: boolean }>(
    tx,
    sql`select ${hadHandIn(sql`${sql.param(userIds)}::text[]`)} as had from agents a
        where a.workspace_id = ${tx.workspace} and a.id = ${id}`,
  )
  return row?.had === true
}

/** Moves the lifecycle from one of the given states and bumps the epoch; false when it was in none of them. */
export async function updateLifecycle(
  tx: Tx,
  id: string,
  move: { readonly from: readonly Lifecycle[]; readonly to: Lifecycle; readonly at: string },
): Promise<boolean> {
  await holdForChange(tx, id)
  const changed = await countOf(
    tx,
    sql`update agents set lifecycle = ${move.to}, epoch = epoch + 1, updated_at = ${move.at}
        where workspace_id = ${tx.workspace} and id = ${id} and lifecycle = any(${sql.param(move.from)}::text[])`,
  )
  return changed === 1
}

/** Bumps the epoch, which cancels what was decided before. */
export async function bumpEpoch(tx: Tx, id: string, at: string): Promise<void> {
  await holdForChange(tx, id)
  await countOf(
    tx,
    sql`update agents set epoch = epoch + 1, updated_at = ${at} where workspace_id = ${tx.workspace} and id = ${id}`,
  )
}

/** Takes over parts of the fingerprint that were not known. */
export async function extendFingerprint(tx: Tx, id: string, fingerprint: Fingerprint): Promise<void> {
  await holdForChange(tx, id)
  await countOf(
    tx,
    // What is recorded already wins over what two first sights bring at once.
    sql`update agents set fingerprint = ${JSON.stringify(fingerprint)}::jsonb || fingerprint
        where workspace_id = ${tx.workspace} and id = ${id}`,
  )
}

/** Caps an agent whose build changed, once; false when it was capped before. */
export async function capFingerprint(tx: Tx, id: string, at: string): Promise<boolean> {
  await holdForChange(tx, id)
  const changed = await countOf(
    tx,
    sql`update agents set fingerprint_capped = true, epoch = epoch + 1, updated_at = ${at}
        where workspace_id = ${tx.workspace} and id = ${id} and not fingerprint_capped`,
  )
  return changed === 1
}

/** Forgets the recorded build, so that the present one is taken over at first sight, and lifts the cap. */
export async function attestFingerprint(tx: Tx, id: string, at: string): Promise<boolean> {
  await holdForChange(tx, id)
  const changed = await countOf(
    tx,
    sql`update agents set fingerprint_capped = false, fingerprint = '{}', epoch = epoch + 1, updated_at = ${at}
        where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return changed === 1
}

function toAgent(row: AgentRow): Agent {
  return {
    id: row.id,
    displayName: row.display_name,
    category: row.category,
    specialty: row.specialty,
    ownerId: row.owner_id,
    lifecycle: row.lifecycle,
    maturity: row.maturity,
    confidence: row.confidence,
    epoch: Number(row.epoch),
    capabilities: row.capabilities,
    fingerprint: row.fingerprint,
    fingerprintCapped: row.fingerprint_capped,
    createdAt: isoOf(row.created_at),
    updatedAt: isoOf(row.updated_at),
  }
}
