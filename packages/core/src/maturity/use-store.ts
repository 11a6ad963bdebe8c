import { sql } from 'drizzle-orm'
import { isoOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { RecordKey } from './store.ts'

/** How much of the journal was read, and up to where. */
export interface UseReading {
  readonly read: number
  readonly position: number
}

// Rows of transactions that ended after later ones: none of them lasts for so many rows.
const OVERLAP = 10_000

/** The place in the journal from which decisions are not noted yet. */
export async function findUsePlace(tx: Tx): Promise<number> {
  const row = await rowOf<{ readonly position: string }>(
    tx,
    sql`select greatest(0, coalesce(max(position), 0) - ${OVERLAP}) as position from action_uses
        where workspace_id = ${tx.workspace}`,
  )
  return Number(row?.position ?? 0)
}

/** Notes of a part of the journal when each agent last attempted each action; reading it twice changes nothing. */
export async function noteUses(tx: Tx, part: { readonly after: number; readonly limit: number }): Promise<UseReading> {
  const row = await rowOf<{ readonly read: string; readonly position: string | null }>(
    tx,
    sql`with made as materialized (
          select agent_id, body::jsonb -> 'decision' ->> 'action' as action, recorded_at, position from journal
          where workspace_id = ${tx.workspace} and kind = 'decision.made' and position > ${part.after}
          order by position limit ${part.limit}
        ), noted as (
          insert into action_uses (workspace_id, agent_id, action, used_at, position)
          select ${tx.workspace}, made.agent_id, made.action, max(made.recorded_at), max(made.position)
          from made join agents a on a.workspace_id = ${tx.workspace} and a.id = made.agent_id
          where made.action in (select name from actions where workspace_id = ${tx.workspace})
          group by made.agent_id, made.action
          on conflict (workspace_id, agent_id, action) do update
            set used_at = greatest(action_uses.used_at, excluded.used_at),
              position = greatest(action_uses.position, excluded.position)
        )
        select count(*) as read, max(position) as position from made`,
  )
  return { read: Number(row?.read ?? 0), position: Number(row?.position ?? part.after) }
}

const lastUse = sql`greatest(m.maturity_since,
  (select max(u.used_at) from action_uses u where u.workspace_id = m.workspace_id and u.agent_id = m.agent_id
    and (m.capability = '*' or u.action in
      (select name from actions where workspace_id = m.workspace_id and capability = m.capability))),
  (select max(e.created_at) from evidence e where e.workspace_id = m.workspace_id and e.agent_id = m.agent_id
    and (m.capability = '*' or e.capability = m.capability)))`

/** Lists the records in force that were last used before a time, after a key in their order. */
export async function listUnused(
  tx: Tx,
  query: {
    readonly trust: 'agent' | 'capability'
    readonly before: string
    readonly after: RecordKey
    readonly limit: number
  },
): Promise<readonly RecordKey[]> {
  return rowsOf<RecordKey>(
    tx,
    sql`select m.agent_id as agent, m.capability from maturity_records m
        join agents a on a.workspace_id = m.workspace_id and a.id = m.agent_id and a.lifecycle <> 'retired'
        where m.workspace_id = ${tx.workspace} and (m.capability = '*') = ${query.trust === 'agent'}
          and (m.agent_id, m.capability) > (${query.after.agent}, ${query.after.capability})
          and m.maturity_since <= ${query.before} and ${lastUse} <= ${query.before}
        order by m.agent_id, m.capability limit ${query.limit}`,
  )
}

/** When a record was last used, and what its ledger took off since; the caller holds the agent. */
export async function findUse(
  tx: Tx,
  key: RecordKey,
): Promise<{ readonly usedAt: string; readonly decayed: string | null } | undefined> {
  const row = await rowOf<{ readonly used_at: string; readonly decayed: string | null }>(
    tx,
    sql`select ${lastUse} as used_at, (select source_id from confidence_entries
            where workspace_id = m.workspace_id and agent_id = m.agent_id and capability = m.capability
              and source_type = 'decay' order by created_at desc, id desc limit 1) as decayed
        from maturity_records m
        where m.workspace_id = ${tx.workspace} and m.agent_id = ${key.agent} and m.capability = ${key.capability}`,
  )
  return row && { usedAt: isoOf(row.used_at), decayed: row.decayed }
}
