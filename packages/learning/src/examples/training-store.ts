import { countOf, rowOf, rowsOf, type Tx } from '@preceptor/core/plugin'
import { type SQL, sql } from 'drizzle-orm'
import type { Example } from '../client/feedback.ts'
import { EXAMPLE_COLUMNS, type ExampleRow, toExample } from './example-row.ts'

const COLUMNS: SQL = sql.raw(EXAMPLE_COLUMNS)

/**
 * Lists what is to be taught on top of a version, most frequent first, then newest: examples that no training used, and
 * those of later versions, because those were never deployed, or are no more. What agents corrected may be left out.
 */
export async function listTeachable(
  tx: Tx,
  {
    agentType,
    above,
    ofPeopleOnly,
    limit,
  }: {
    readonly agentType: string
    readonly above: number
    readonly ofPeopleOnly: boolean
    readonly limit: number
  },
): Promise<readonly Example[]> {
  const rows = await rowsOf<ExampleRow>(
    tx,
    sql`select ${COLUMNS} from learning_examples
        where workspace_id = ${tx.workspace} and agent_type = ${agentType} and not is_held_out
          and (applied_by is null or applied_by in (select id from training_runs
            where workspace_id = ${tx.workspace} and agent_type = ${agentType} and version > ${above}))
          and (not ${ofPeopleOnly} or actor not like 'agent:%')
        order by occurrences desc, created_at desc, id desc limit ${limit}`,
  )
  return rows.map(toExample)
}

/** Counts them; with `since` those only that came after a time (ISO 8601). */
export async function countUnapplied(
  tx: Tx,
  { agentType, since = null }: { readonly agentType: string; readonly since?: string | null },
): Promise<number> {
  const row = await rowOf<{ readonly count: string }>(
    tx,
    sql`select count(*) as count from learning_examples
        where workspace_id = ${tx.workspace} and agent_type = ${agentType} and applied_by is null and not is_held_out
          and (${since}::timestamptz is null or created_at > ${since}::timestamptz)`,
  )
  return Number(row?.count ?? 0)
}

/**
 * Lists the cases that a playbook of an agent type is tested with: each question once, with its newest answer, and none of
 * those that agents corrected. Which of many are taken, and in what order, is settled by a text, so that not every test is
 * of the same ones.
 */
export async function listHeldOut(
  tx: Tx,
  { agentType, order, limit }: { readonly agentType: string; readonly order: string; readonly limit: number },
): Promise<readonly Example[]> {
  const rows = await rowsOf<ExampleRow>(
    tx,
    sql`select ${COLUMNS} from (
          select distinct on (input) * from learning_examples
          where workspace_id = ${tx.workspace} and agent_type = ${agentType} and is_held_out and actor not like 'agent:%'
          order by input, created_at desc, id desc
        ) cases order by md5(${order}::text || content_hash), id limit ${limit}`,
  )
  return rows.map(toExample)
}

/** Notes which training run used examples; those that another one used before, or that are held out, stay. Gives how many. */
export async function markApplied(
  tx: Tx,
  { ids, run, at }: { readonly ids: readonly string[]; readonly run: string; readonly at: string },
): Promise<number> {
  return countOf(
    tx,
    sql`update learning_examples set applied_by = ${run}, applied_at = ${at}
        where workspace_id = ${tx.workspace} and id = any(${sql.param(ids)}::text[]) and applied_by is null
          and not is_held_out`,
  )
}

/** An agent type with so many examples that no training used. */
export interface WaitingExamples {
  readonly workspace: string
  readonly agentType: string
  readonly count: number
}

/** Finds the agent types that have at least so many; for the system role, over all workspaces. */
export async function listWaiting(tx: Tx, { least }: { readonly least: number }): Promise<readonly WaitingExamples[]> {
  const rows = await rowsOf<{ readonly workspace_id: string; readonly agent_type: string; readonly count: string }>(
    tx,
    sql`select workspace_id, agent_type, count(*) as count from learning_examples
        where applied_by is null and not is_held_out
        group by workspace_id, agent_type having count(*) >= ${least} order by workspace_id, agent_type`,
  )
  return rows.map((row) => ({ workspace: row.workspace_id, agentType: row.agent_type, count: Number(row.count) }))
}

/** Lists examples with a wrong answer, each question once; which and in what order is settled by a text. */
export async function listImprovable(
  tx: Tx,
  { agentType, order, limit }: { readonly agentType: string; readonly order: string; readonly limit: number },
): Promise<readonly Example[]> {
  const rows = await rowsOf<ExampleRow>(
    tx,
    sql`select ${COLUMNS} from (
          select distinct on (input) * from learning_examples
          where workspace_id = ${tx.workspace} and agent_type = ${agentType} and output is not null
          order by input, created_at desc, id desc
        ) cases order by md5(${order}::text || content_hash), id limit ${limit}`,
  )
  return rows.map(toExample)
}
