import { isoOf, rowOf, rowsOf, type Tx } from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'
import type { TriedWay } from '../sessions/stored-session.ts'

/** A session that ended, as statistics look at it. */
export interface EndedSession {
  readonly state: 'completed' | 'failed'
  readonly improvement: number | null
  readonly tried: readonly TriedWay[]
  readonly durationMs: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly endedAt: number
}

/** The agent types that have sessions which ended. */
export async function listTypes(tx: Tx, limit: number): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly agent_type: string }>(
    tx,
    sql`select distinct agent_type from learning_sessions where workspace_id = ${tx.workspace} and ended_at is not null
        order by agent_type limit ${limit}`,
  )
  return rows.map((row) => row.agent_type)
}

/** Reads the last sessions of a type that ended, oldest first. */
export async function listEnded(
  tx: Tx,
  { agentType, limit }: { readonly agentType: string; readonly limit: number },
): Promise<readonly EndedSession[]> {
  const rows = await rowsOf<{
    readonly state: EndedSession['state']
    readonly improvement: number | null
    readonly tried: readonly TriedWay[]
    readonly duration_ms: string | number
    readonly started_at: string
    readonly ended_at: string
  }>(
    tx,
    sql`select state, improvement, tried, duration_ms, started_at, ended_at from learning_sessions
        where workspace_id = ${tx.workspace} and agent_type = ${agentType} and ended_at is not null
        order by ended_at desc, id desc limit ${limit}`,
  )
  return rows
    .map(({ state, improvement, tried, ...row }) => ({
      ...{ state, improvement, tried },
      durationMs: Number(row.duration_ms),
      startedAt: Date.parse(isoOf(row.started_at)),
      endedAt: Date.parse(isoOf(row.ended_at)),
    }))
    .reverse()
}

/** How many versions were written for a type, and how many of them were deployed. */
export async function countVersions(
  tx: Tx,
  agentType: string,
): Promise<{ readonly written: number; readonly deployed: number }> {
  const row = await rowOf<{ readonly written: string; readonly deployed: string }>(
    tx,
    sql`select count(*) as written, count(*) filter (where exists (
            select from playbook_deployments d where d.workspace_id = v.workspace_id and d.playbook_id = v.playbook_id
              and d.version = v.version)) as deployed
        from playbook_versions v join playbooks p on p.workspace_id = v.workspace_id and p.id = v.playbook_id
        where v.workspace_id = ${tx.workspace} and p.agent_type = ${agentType}`,
  )
  return { written: Number(row?.written ?? 0), deployed: Number(row?.deployed ?? 0) }
}

/** How many of the last sessions that ended have failed. */
export async function countFailures(
  tx: Tx,
  limit: number,
): Promise<{ readonly ended: number; readonly failed: number }> {
  const row = await rowOf<{ readonly ended: string; readonly failed: string }>(
    tx,
    sql`select count(*) as ended, count(*) filter (where state = 'failed') as failed from (
          select state from learning_sessions where workspace_id = ${tx.workspace} and ended_at is not null
          order by ended_at desc limit ${limit}) as last`,
  )
  return { ended: Number(row?.ended ?? 0), failed: Number(row?.failed ?? 0) }
}
