import type { CataloguedAction, JsonObject, Maturity, Risk } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, isThere, rowsOf } from '../database/rows.ts'
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
    sql`insert into actions (workspace_id, name, digest, risk, capability, idempotent, ceiling, asks_people, description,
          args_schema, registered_by, registered_at)
        values (${tx.workspace}, ${action.name}, ${action.digest}, ${action.risk}, ${action.capability},
          ${action.idempotent}, ${action.ceiling}, ${action.asksPeople}, ${action.description}, ${schema}::jsonb,
          ${registered.by}, ${registered.at})
        on conflict do nothing`,
  )
  return inserted === 1
}

/** What a definition in the catalogue lets happen. */
export interface ActionRules {
  readonly name: string
  readonly risk: Risk
  readonly capability: string
  readonly idempotent: boolean
  readonly ceiling: Maturity
  readonly asksPeople: boolean
}

/** Reads every definition that the catalogue has under a name. */
export function findActions(tx: Tx, name: string): Promise<readonly ActionRules[]> {
  return rowsOf<ActionRules>(
    tx,
    sql`select name, risk, capability, idempotent, ceiling, asks_people as "asksPeople" from actions
        where workspace_id = ${tx.workspace} and name = ${name}`,
  )
}

/** Whether any process registered an action under a name. */
export function isCatalogued(tx: Tx, name: string): Promise<boolean> {
  return isThere(tx, sql`select from actions where workspace_id = ${tx.workspace} and name = ${name}`)
}

/** Reads a page of the catalogue by name and digest, one more than the limit. */
export async function listActions(
  tx: Tx,
  query: { readonly limit: number; readonly after: { readonly name: string; readonly digest: string } },
): Promise<readonly CataloguedAction[]> {
  const rows = await rowsOf<
    Omit<ActionRules, 'asksPeople'> & {
      readonly digest: string
      readonly description: string | null
      readonly args_schema: JsonObject | null
      readonly registered_by: string
      readonly registered_at: string
    }
  >(
    tx,
    sql`select name, digest, risk, capability, idempotent, ceiling, description, args_schema, registered_by, registered_at
        from actions where workspace_id = ${tx.workspace} and (name, digest) > (${query.after.name}, ${query.after.digest})
        order by name, digest limit ${query.limit + 1}`,
  )
  return rows.map(({ args_schema: args, registered_by: registeredBy, registered_at: registeredAt, ...action }) => ({
    ...action,
    args,
    registeredBy,
    registeredAt: isoOf(registeredAt),
  }))
}
