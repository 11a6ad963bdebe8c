import type { Maturity, Risk } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { ActionSpecification } from './registered-action.ts'

/** Puts a definition into the catalogue; gives whether it is new there. */
export async function insertAction(
  tx: Tx,
  action: ActionSpecification,
  registered: { readonly by: string; readonly at: string },
): Promise<boolean> {
  const schema = action.argsSchema === null ? null : JSON.stringify(action.argsSchema)
  const inserted = await countOf(
    tx,
    sql`insert into actions (workspace_id, name, digest, risk, capability, idempotent, ceiling, description, args_schema,
          registered_by, registered_at)
        values (${tx.workspace}, ${action.name}, ${action.digest}, ${action.risk}, ${action.capability},
          ${action.idempotent}, ${action.ceiling}, ${action.description}, ${schema}::jsonb, ${registered.by},
          ${registered.at})
        on conflict do nothing`,
  )
  return inserted === 1
}

/** What a definition in the catalogue lets happen. */
export interface CataloguedAction {
  readonly name: string
  readonly risk: Risk
  readonly capability: string
  readonly idempotent: boolean
  readonly ceiling: Maturity
}

/** Reads every definition that the catalogue has under a name. */
export function findActions(tx: Tx, name: string): Promise<readonly CataloguedAction[]> {
  return rowsOf<CataloguedAction>(
    tx,
    sql`select name, risk, capability, idempotent, ceiling from actions
        where workspace_id = ${tx.workspace} and name = ${name}`,
  )
}
