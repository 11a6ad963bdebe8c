import { rowsOf, type Tx } from '@preceptor/core/plugin'
import { type SQL, sql } from 'drizzle-orm'
import type { Example } from '../client/feedback.ts'
import { EXAMPLE_COLUMNS, type ExampleRow, toExample } from '../examples/example-row.ts'

const COLUMNS: SQL = sql.raw(EXAMPLE_COLUMNS)

/** Lists examples with a wrong answer, in an order that says nothing of them. */
export async function listImprovable(
  tx: Tx,
  { agentType, limit }: { readonly agentType: string; readonly limit: number },
): Promise<readonly Example[]> {
  const rows = await rowsOf<ExampleRow>(
    tx,
    sql`select ${COLUMNS} from learning_examples
        where workspace_id = ${tx.workspace} and agent_type = ${agentType} and output is not null
        order by content_hash, id limit ${limit}`,
  )
  return rows.map(toExample)
}
