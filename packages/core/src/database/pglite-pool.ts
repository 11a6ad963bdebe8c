import pg from 'pg'
import type { Engine } from './engine.ts'
import { EngineSocket } from './engine-session.ts'
import { guardPool } from './guard-pool.ts'
import type { Pool } from './pool.ts'

/** How a pool on the embedded engine behaves. */
export interface PglitePoolOptions {
  /** Milliseconds that a statement may wait for its turn, and then run; 0 for no bound. */
  readonly statementDeadlineMs: number
  /** Schemas in which unqualified names are looked up. */
  readonly searchPath?: string
  /** Clients at the same time; they share one backend and are cheap. */
  readonly max?: number
}

const SCHEMA_LIST = /^[a-z_][a-z0-9_]*(?:, ?[a-z_][a-z0-9_]*)*$/

/** A `pg` pool whose clients speak to the embedded engine instead of a server. */
export function createPglitePool(engine: Engine, options: PglitePoolOptions): Pool {
  const searchPath = options.searchPath ?? 'public'
  if (!SCHEMA_LIST.test(searchPath)) throw new TypeError(`The search path "${searchPath}" is not a list of schemas.`)
  const sockets = new WeakMap<pg.ClientBase, EngineSocket>()

  // A class because `pg.Pool` makes its clients with `new`.
  class EngineClient extends pg.Client {
    constructor() {
      const socket = new EngineSocket(engine, {
        prelude: `set search_path to ${searchPath}`,
        deadlineMs: options.statementDeadlineMs,
      })
      // Every field that `pg` would read from the environment is given.
      super({ stream: () => socket, ssl: false, host: 'embedded', port: 5432, user: 'postgres', database: 'postgres' })
      sockets.set(this, socket)
    }

    setStatementDeadline(milliseconds: number): void {
      const socket = sockets.get(this)
      if (socket !== undefined) socket.deadlineMs = milliseconds
    }
  }

  const pool = new pg.Pool({
    Client: EngineClient,
    max: options.max ?? 100,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: options.statementDeadlineMs,
  })
  pool.on('release', (_error, client) => {
    const socket = sockets.get(client)
    socket?.state.reset()
    if (socket !== undefined) socket.deadlineMs = options.statementDeadlineMs
  })
  return guardPool(pool)
}
