import type { JsonObject, Listing, Page, RecordQuery } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { pageOf } from '../kernel/pagination.ts'
import type { RecordListQuery } from '../kernel/record-list-query.ts'
import type { Actor } from './actor.ts'
import { authorize, mayRead, visibleArgs } from './authorize.ts'
import type { Operation } from './permissions.ts'
import { recordListQuery, recordNotFound } from './record-list-query.ts'

/** What every record of an agent has. */
export interface AgentRecord {
  readonly id: string
  readonly agent: string
  readonly createdAt: string
  readonly args?: JsonObject
  readonly context?: JsonObject | null
}

/** How a kind of record is read. */
export interface RecordReader<Row extends AgentRecord> {
  /** What it is called in messages. */
  readonly name: string
  readonly operations: { readonly get: Operation; readonly list: Operation }
  readonly find: (tx: Tx, id: string) => Promise<Row | undefined>
  readonly list: (tx: Tx, query: RecordListQuery) => Promise<readonly Row[]>
  /** What is left of a row for an actor, beyond what holds for every kind. */
  readonly visible?: (actor: Actor, operation: Operation, row: Row) => Row
}

/** Reading of one kind of record: the same permission, filter and paging for all of them. */
export function readRecords<Row extends AgentRecord>(
  context: GovernorContext,
  actor: Actor,
  reader: RecordReader<Row>,
): Listing<Row> {
  const { get, list } = reader.operations
  const show = (operation: Operation, row: Row): Row => {
    const shown = visible(actor, operation, row)
    return reader.visible?.(actor, operation, shown) ?? shown
  }
  return {
    async get(id) {
      authorize(actor, get)
      const row = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => reader.find(tx, id))
      // What the caller may not see does not exist for it: not even its id is confirmed.
      if (row === undefined || !mayRead(actor, get, row)) throw recordNotFound(reader.name, id)
      return show(get, row)
    },
    async list(query: RecordQuery = {}): Promise<Page<Row>> {
      authorize(actor, list)
      const wanted = recordListQuery(actor, query)
      const rows = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => reader.list(tx, wanted))
      const page = pageOf(rows, wanted.limit, ({ createdAt, id }) => [createdAt, id])
      return { ...page, items: page.items.map((row) => show(list, row)) }
    },
  }
}

/** What the agent wrote, its args and what it says about them, is for those who judge it. */
function visible<Row extends AgentRecord>(actor: Actor, operation: Operation, row: Row): Row {
  const { args, context } = row
  return {
    ...row,
    ...(args === undefined ? {} : { args: visibleArgs(actor, operation, args) }),
    ...(context === undefined ? {} : { context: visibleArgs(actor, operation, context) }),
  }
}
