import type { EventEmitter } from 'node:events'

/** A statement in the object form of `pg`. */
export interface QueryConfig {
  readonly text: string
  readonly values?: readonly unknown[]
  /** A named statement is parsed once per client. */
  readonly name?: string
  readonly rowMode?: 'array'
}

/** The part of a `pg` result that core reads. */
export interface QueryResult<Row = Record<string, unknown>> {
  readonly rows: Row[]
  readonly rowCount: number | null
  readonly command: string
}

/** What runs statements: a pool, or one client of it. */
export interface Queryable {
  query<Row = Record<string, unknown>>(
    statement: string | QueryConfig,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>>
}

/** One connection of a pool: the part of `pg.PoolClient` that core uses. */
export interface PoolClient extends Queryable, EventEmitter {
  /** Gives the client back; with `true` or an error it is closed instead. */
  release(destroy?: boolean | Error): void
  /** Whether it sends statements before the ones before them are answered. */
  readonly pipeline?: boolean
  /** `I` idle, `T` in a transaction, `E` in a failed one. */
  getTransactionStatus(): string | null
  /** Embedded only: how long the next statements of this checkout may run, in milliseconds; 0 for no bound. */
  setStatementDeadline?(milliseconds: number): void
}

/** The part of `pg.Pool` that core uses; both stores have it. */
export interface Pool extends Queryable, EventEmitter {
  connect(): Promise<PoolClient>
  end(): Promise<void>
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
}
