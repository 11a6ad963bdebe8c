import { GovernanceError } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { hadHandIn } from '../agents/store.ts'
import { isoOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { isBypassInForce } from './exception-store.ts'
import type { OpenBypass } from './facts.ts'

interface OpenBypassRow {
  readonly id: string
  readonly agent_id: string | null
  readonly capability: string | null
  readonly action: string | null
  readonly expires_at: string
  readonly lapsed_for: unknown
  readonly own_of: unknown
}

/** The bypasses in force at a time, oldest first, with what of some agents they do not cover. */
export async function listOpenBypasses(
  tx: Tx,
  { agents, at }: { readonly agents: readonly string[]; readonly at: string },
): Promise<readonly OpenBypass[]> {
  const asked = sql`a.workspace_id = b.workspace_id and a.id = any(${sql.param(agents)}::text[])`
  const rows = await rowsOf<OpenBypassRow>(
    tx,
    sql`select b.id, b.agent_id, b.capability, b.action, b.expires_at,
          array(select a.id from agents a where ${asked} and (
            exists (select from maturity_transitions t
              where t.workspace_id = a.workspace_id and t.agent_id = a.id and t.created_at >= b.set_at
                and preceptor_level(t.to_maturity) < preceptor_level(t.from_maturity))
            or exists (select from incidents i
              where i.workspace_id = a.workspace_id and i.agent_id = a.id and i.created_at >= b.set_at))) as lapsed_for,
          array(select a.id from agents a where ${asked} and ${hadHandIn(sql`array[b.user_id]`)}) as own_of
        from bypasses b
        where ${isBypassInForce(tx, at)}
          and (b.agent_id is null or b.agent_id = any(${sql.param(agents)}::text[]))
        order by b.set_at, b.id`,
  )
  return rows.map(toOpenBypass)
}

function toOpenBypass(row: OpenBypassRow): OpenBypass {
  const { id, agent_id: agent, capability, action, lapsed_for: lapsedFor, own_of: ownOf } = row
  if (!Array.isArray(lapsedFor) || !Array.isArray(ownOf)) {
    throw new GovernanceError('FACT_INVALID', { message: 'A stored bypass has impossible values.' })
  }
  return { id, agent, capability, action, expiresAt: isoOf(row.expires_at), lapsedFor, ownOf }
}
