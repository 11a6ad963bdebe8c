import { rowsOf, type Tx } from '@preceptor/core/plugin'
import { sql } from 'drizzle-orm'
import type { TagResult } from './cross-suggestions.ts'

const MOST_TAGS = 50
const MOST_EXAMPLES = 3

/** What people correct in the answers of a type, most frequent first. */
export async function listCorrectedTags(tx: Tx, agentType: string): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly tag: string }>(
    tx,
    sql`select tag from learning_examples, unnest(tags) as tag
        where workspace_id = ${tx.workspace} and agent_type = ${agentType}
        group by tag order by sum(occurrences) desc, tag limit ${MOST_TAGS}`,
  )
  return rows.map(({ tag }) => tag)
}

/** How the sessions of the other types came out that had examples of these tags in their prompts. */
export async function listTagResults(
  tx: Tx,
  { agentType, tags }: { readonly agentType: string; readonly tags: readonly string[] },
): Promise<readonly TagResult[]> {
  if (tags.length === 0) return []
  const rows = await rowsOf<{
    readonly agent_type: string
    readonly tag: string
    readonly improvement: number
    readonly sessions: string
    readonly examples: readonly string[] | null
  }>(
    tx,
    sql`select s.agent_type, tag, avg(s.improvement) as improvement, count(*) as sessions, (
            select array_agg(id order by occurrences desc, id) from (
              select e.id, e.occurrences from learning_examples e
              where e.workspace_id = ${tx.workspace} and e.agent_type = s.agent_type and tag = any(e.tags)
                and not e.is_held_out
              order by e.occurrences desc, e.id limit ${MOST_EXAMPLES}) as best) as examples
        from learning_sessions s, unnest(s.tags) as tag
        where s.workspace_id = ${tx.workspace} and s.agent_type <> ${agentType} and s.improvement is not null
          and tag = any(${sql.param(tags)}::text[])
        group by s.agent_type, tag`,
  )
  return rows.map(({ agent_type, sessions, examples, ...row }) => ({
    ...row,
    agentType: agent_type,
    sessions: Number(sessions),
    examples: examples ?? [],
  }))
}
