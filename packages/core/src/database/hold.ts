import { sql } from 'drizzle-orm'
import { rowsOf } from './rows.ts'
import type { Tx } from './transaction.ts'

/** What a decision rests on. */
export interface HeldFacts {
  /** Ids of the agents that it looks at. */
  readonly agents: readonly string[]
  /** The one of them that it also changes. */
  readonly changes?: string | undefined
}

/**
 * Holds the facts that a decision rests on until the transaction ends: agents, and what is set for the workspace and for
 * everything. Decisions hold them together; a change waits for those before it, and those after it wait for the change.
 * Row locks would let a stream of decisions starve the change that is to stop them.
 */
export function holdForDecision(tx: Tx, { agents, changes }: HeldFacts): Promise<unknown> {
  const names = [nameOf('*', null), nameOf(tx.workspace, null), ...agents.map((agent) => nameOf(tx.workspace, agent))]
  const alone = changes === undefined ? null : nameOf(tx.workspace, changes)
  return rowsOf(
    tx,
    // In one order for everybody, so that two who hold several never wait for each other.
    sql`select case when alone then pg_advisory_xact_lock(key)::text else pg_advisory_xact_lock_shared(key)::text end
        from (select hashtextextended(name, 0) as key, coalesce(bool_or(name = ${alone}), false) as alone
          from unnest(${sql.param(names)}::text[]) as name group by 1 order by 1) as keys`,
  )
}

/**
 * Waits until no decision rests on an agent, or with null on what is set for the workspace of the transaction, and lets
 * none begin before the transaction ends. To be called before what it changes is read or locked.
 */
export async function holdForChange(tx: Tx, agent: string | null): Promise<void> {
  await rowsOf(tx, sql`select pg_advisory_xact_lock(hashtextextended(${nameOf(tx.workspace, agent)}, 0))::text`)
}

function nameOf(workspace: string, agent: string | null): string {
  return JSON.stringify(['preceptor', workspace, agent])
}
