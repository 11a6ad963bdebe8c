import type { JsonObject, Scenario } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, rowOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** Adds a version of a scenario; false when the workspace has that version. */
export async function insertScenario(
  tx: Tx,
  { scenario, by, at }: { readonly scenario: Scenario; readonly by: string; readonly at: string },
): Promise<boolean> {
  const inserted = await countOf(
    tx,
    sql`insert into training_scenarios (workspace_id, id, version, body, imported_by, imported_at)
        values (${tx.workspace}, ${scenario.id}, ${scenario.version}, ${JSON.stringify(scenario)}::jsonb, ${by}, ${at})
        on conflict do nothing`,
  )
  return inserted === 1
}

/** Reads the newest version of each scenario of the workspace, by id. */
export async function listScenarios(tx: Tx): Promise<readonly Scenario[]> {
  const rows = await rowsOf<{ readonly body: Scenario }>(
    tx,
    sql`select distinct on (id) body from training_scenarios where workspace_id = ${tx.workspace}
        order by id, version desc`,
  )
  return rows.map(({ body }) => body)
}

/** Finds one version of a scenario of the workspace. */
export async function findScenario(
  tx: Tx,
  { id, version }: Pick<Scenario, 'id' | 'version'>,
): Promise<JsonObject | undefined> {
  const row = await rowOf<{ readonly body: JsonObject }>(
    tx,
    sql`select body from training_scenarios
        where workspace_id = ${tx.workspace} and id = ${id} and version = ${version}`,
  )
  return row?.body
}
