import { type SQL, sql } from 'drizzle-orm'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import type { Database } from '../../database/open-database.ts'
import { rowsOf } from '../../database/rows.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { countedBy } from './counted-by.ts'
import type { LimitStore } from './limit-counter.ts'

interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
}

const PLACE = /\$(\d+)/

/** Counts in the table `rate_limits`, each key as its workspace. */
export function countInDatabase(database: Database, deadlineMs: number): LimitStore {
  const storeClient = {
    async query(statement: Statement) {
      const workspace = workspaceOf(statement)
      const scope = { workspace, deadlineMs, role: workspace === '*' ? 'system' : 'app' } as const
      const rows = await inWorkspace(database, scope, (tx) => rowsOf(tx, templateOf(statement)))
      return { rows, rowCount: rows.length }
    },
  }
  const shared = { storeClient, storeType: 'client', tableName: 'rate_limits', tableCreated: true, keyPrefix: '' }
  return {
    open: (limit) => {
      const { points, seconds: duration } = limit
      return countedBy(new RateLimiterPostgres({ ...shared, points, duration, clearExpiredByTimeout: false }), limit)
    },
    close: async () => undefined,
  }
}

/** The first value of every statement of the limiter is the key. */
function workspaceOf({ values: [key] }: Statement): string {
  return String(key).split(':', 1)[0] ?? ''
}

/** The statement of the limiter with its values in their places. */
function templateOf({ text, values }: Statement): SQL {
  const parts = text
    .split(PLACE)
    .map((part, index) => (index % 2 === 0 ? sql.raw(part) : sql`${values[Number(part) - 1]}`))
  return sql.join(parts)
}
