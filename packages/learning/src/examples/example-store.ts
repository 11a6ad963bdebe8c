import { countOf, rowOf, rowsOf, type TimePlace, type Tx } from '@preceptor/core/plugin'
import { type SQL, sql } from 'drizzle-orm'
import type { Example } from '../client/feedback.ts'
import { EXAMPLE_COLUMNS, type ExampleRow, toExample } from './example-row.ts'

const COLUMNS: SQL = sql.raw(EXAMPLE_COLUMNS)

/** Writes an example, or counts the one that teaches the same once more; gives what is there now. */
export async function upsertExample(tx: Tx, example: Example): Promise<Example> {
  const { about } = example
  const rows = await rowsOf<ExampleRow>(
    tx,
    sql`insert into learning_examples as there (id, workspace_id, agent_id, agent_type, input, output, correction, tags,
          about_kind, about_id, about_task, origin, content_hash, is_held_out, actor, created_at)
        values (${example.id}, ${tx.workspace}, ${example.agent}, ${example.agentType}, ${example.input},
          ${example.output}, ${example.correction}, ${sql.param(example.tags)}::text[], ${about.kind}, ${about.id},
          ${about.task ?? null}, ${example.origin}, ${example.contentHash}, ${example.isHeldOut}, ${example.actor},
          ${example.createdAt})
        on conflict (workspace_id, agent_type, content_hash) do update set occurrences = there.occurrences + 1
        returning ${COLUMNS}`,
  )
  return rows.map(toExample)[0] ?? example
}

/** Writes those of some examples that nothing there teaches already; gives how many. */
export async function insertExamples(tx: Tx, examples: readonly Example[]): Promise<number> {
  const rows = examples.map(({ about, ...example }) => ({ ...example, aboutKind: about.kind, aboutId: about.id }))
  return countOf(
    tx,
    sql`insert into learning_examples (id, workspace_id, agent_type, input, output, correction, tags, about_kind, about_id,
          origin, content_hash, is_held_out, actor, created_at)
        select id, ${tx.workspace}, "agentType", input, output, correction, tags, "aboutKind", "aboutId", origin,
          "contentHash", "isHeldOut", actor, "createdAt"
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as new (id text, "agentType" text, input text, output text,
          correction text, tags text[], "aboutKind" text, "aboutId" text, origin text, "contentHash" text,
          "isHeldOut" boolean, actor text, "createdAt" timestamptz)
        on conflict (workspace_id, agent_type, content_hash) do nothing`,
  )
}

/** Finds an example by id. */
export async function findExample(tx: Tx, id: string): Promise<Example | undefined> {
  const row = await rowOf<ExampleRow>(
    tx,
    sql`select ${COLUMNS} from learning_examples where workspace_id = ${tx.workspace} and id = ${id}`,
  )
  return row && toExample(row)
}

/** Filters of a list of examples, found valid. */
export interface ExampleFilter {
  readonly agent: string | null
  readonly agentType: string | null
  readonly tag: string | null
  readonly isHeldOut: boolean | null
  readonly isApplied: boolean | null
  /** Agents whose examples the reader may see; null: all of the workspace. */
  readonly only: readonly string[] | null
}

/** Lists examples, newest first; one more than the limit. */
export async function listExamples(
  tx: Tx,
  { before, limit, ...filter }: ExampleFilter & { readonly before: TimePlace | null; readonly limit: number },
): Promise<readonly Example[]> {
  const rows = await rowsOf<ExampleRow>(
    tx,
    sql`select ${COLUMNS} from learning_examples where ${matches(tx, filter)}
          and (${before?.at ?? null}::timestamptz is null
            or (created_at, id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::text))
        order by created_at desc, id desc limit ${limit + 1}`,
  )
  return rows.map(toExample)
}

/** A place in what a search found. */
export interface RankPlace {
  readonly rank: number
  readonly id: string
}

/**
 * Finds the examples of a workspace that hold some words, the best first; one more than the limit. Whatever people type in
 * is a search. For the system role: behind row-level security Postgres looks at every row of the table, because what it
 * matches words with is not leak-proof. It gives ids alone; who reads them does so behind row-level security.
 */
export async function findMatches(
  tx: Tx,
  {
    search,
    after,
    limit,
    ...filter
  }: ExampleFilter & { readonly search: string; readonly after: RankPlace | null; readonly limit: number },
): Promise<readonly RankPlace[]> {
  return rowsOf<RankPlace>(
    tx,
    sql`with found as (
          select id, ts_rank(search, query)::float8 as rank
          from learning_examples, websearch_to_tsquery('simple', ${search}) as query
          where ${matches(tx, filter)} and search @@ query
        )
        select * from found where ${after?.rank ?? null}::float8 is null
          or (rank, id) < (${after?.rank ?? null}::float8, ${after?.id ?? null}::text)
        order by rank desc, id desc limit ${limit + 1}`,
  )
}

/** Reads examples in the order of their ids that are given; those that are not there are left out. */
export async function readExamples(tx: Tx, ids: readonly string[]): Promise<readonly Example[]> {
  const rows = await rowsOf<ExampleRow>(
    tx,
    sql`select ${COLUMNS} from learning_examples where workspace_id = ${tx.workspace}
          and id = any(${sql.param(ids)}::text[]) order by array_position(${sql.param(ids)}::text[], id)`,
  )
  return rows.map(toExample)
}

/** Lists examples, oldest first, up to a time; one more than the limit. */
export async function listOldest(
  tx: Tx,
  {
    after,
    until,
    limit,
    ...filter
  }: ExampleFilter & { readonly after: TimePlace | null; readonly until: string; readonly limit: number },
): Promise<readonly Example[]> {
  const rows = await rowsOf<ExampleRow>(
    tx,
    sql`select ${COLUMNS} from learning_examples where ${matches(tx, filter)} and created_at <= ${until}
          and (${after?.at ?? null}::timestamptz is null
            or (created_at, id) > (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::text))
        order by created_at, id limit ${limit + 1}`,
  )
  return rows.map(toExample)
}

function matches({ workspace }: Tx, { agent, agentType, tag, isHeldOut, isApplied, only }: ExampleFilter): SQL {
  return sql`workspace_id = ${workspace}
    and (${agent}::text is null or agent_id = ${agent})
    and (${agentType}::text is null or agent_type = ${agentType})
    and (${tag}::text is null or ${tag} = any(tags))
    and (${isHeldOut}::boolean is null or is_held_out = ${isHeldOut}::boolean)
    and (${isApplied}::boolean is null or (applied_by is not null) = ${isApplied}::boolean)
    and (${sql.param(only)}::text[] is null or agent_id = any(${sql.param(only)}::text[]))`
}
