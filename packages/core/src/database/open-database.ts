import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { GovernanceError } from '@preceptor/client'
import { createEngine, type Engine } from './engine.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { endPool, surviveLostClients } from './guard-pool.ts'
import { createPglitePool } from './pglite-pool.ts'
import type { Pool } from './pool.ts'
import { createPostgresPool, type PostgresTarget, placeOf, requireServer } from './postgres-pool.ts'

/** How another pool on the same store behaves. */
export interface PoolSettings {
  /** Schemas in which unqualified names are looked up. */
  readonly searchPath?: string
  /** Connections at the same time. */
  readonly max?: number
  /** Milliseconds that a statement may run; 0 for no bound. */
  readonly statementDeadlineMs?: number
}

/** An open store: a folder, memory, or a server. */
export interface Database {
  readonly kind: 'pglite' | 'postgres'
  /** Statements outside a transaction go through it; everything else through `inWorkspace`. */
  readonly pool: Pool
  /** Whether the pool is the host's, who ends it, and whose connections are not kept. */
  readonly isHostPool: boolean
  /** Makes another pool on the same store, with settings of its own; `close` ends it too. */
  openPool(settings: PoolSettings): Pool
  /** Records where this process can be reached, for others that find the data folder locked. */
  announce(address: string): void
  /** Waits for the statements that run, then closes; a second call does nothing. */
  close(): Promise<void>
}

/** Where the data is: give one of the first four; without any it is the folder `.preceptor`. Times in milliseconds. */
export interface OpenDatabaseOptions {
  /** Address of a Postgres server. */
  readonly url?: string
  /** A pool of `pg` that the caller owns and ends. */
  readonly pool?: Pool
  /** Folder of the embedded database. */
  readonly dataFolder?: string
  /** Embedded, without a folder: everything is lost at the end. */
  readonly memory?: boolean
  /** Bound of one statement; 2,000 unless given, 0 for none. */
  readonly statementDeadlineMs?: number
  /** Connections to a server; 10 unless given. */
  readonly maxConnections?: number
  /** A server must answer within this time; 2,000 unless given. */
  readonly connectWithinMs?: number
  /** Embedded: an open transaction that sends nothing for this long is rolled back; 30,000 unless given. */
  readonly idleTransactionMs?: number
}

const DEADLINE_MS = 2_000
const FOLDER = '.preceptor'

/**
 * Opens the store. The schema is not touched: see `applyMigrations`.
 *
 * @throws GovernanceError `DATABASE_MISSING`, `STORE_UNAVAILABLE`, `DATA_FOLDER_LOCKED`, `DATA_FOLDER_UNUSABLE`,
 * `OPTION_INVALID`.
 * @example
 * ```ts
 * const database = await openDatabase({ dataFolder: '.preceptor' })
 * await database.pool.query('select 1')
 * await database.close()
 * ```
 */
export async function openDatabase(options: OpenDatabaseOptions = {}): Promise<Database> {
  const { url, pool, dataFolder, memory } = options
  const places = [url, pool, dataFolder, memory === true ? memory : undefined].filter((place) => place !== undefined)
  if (places.length > 1) {
    throw new GovernanceError('OPTION_INVALID', { message: 'Give one of url, pool, dataFolder and memory.' })
  }
  if (url !== undefined) return openServer({ url }, options)
  if (pool !== undefined) return openServer({ pool }, options)
  return memory === true ? openEngine('memory://', undefined, options) : openFolder(dataFolder ?? FOLDER, options)
}

async function openServer(target: PostgresTarget, options: OpenDatabaseOptions): Promise<Database> {
  const { statementDeadlineMs = DEADLINE_MS, connectWithinMs = DEADLINE_MS, maxConnections = 10 } = options
  const open = (settings: PoolSettings): Pool =>
    createPostgresPool(target, { statementDeadlineMs, connectWithinMs, max: maxConnections, ...settings })
  const pool = 'pool' in target ? surviveLostClients(target.pool) : open({})
  const owned = 'pool' in target ? [] : [pool]
  try {
    await requireServer(pool, 'url' in target ? placeOf(target.url) : 'the given pool')
  } catch (error) {
    await Promise.all(owned.map(endPool))
    throw error
  }
  return {
    kind: 'postgres',
    pool,
    isHostPool: 'pool' in target,
    openPool(settings) {
      const other = open(settings)
      owned.push(other)
      return other
    },
    announce: () => undefined,
    close: async () => void (await Promise.all(owned.splice(0).map(endPool))),
  }
}

async function openFolder(folder: string, options: OpenDatabaseOptions): Promise<Database> {
  const lock = await lockFolder(folder)
  try {
    const location = join(lock.folder, 'database')
    mkdirSync(location, { recursive: true })
    // The engine creates its files readable by all; the folder keeps others out.
    chmodSync(location, 0o700)
    return await openEngine(location, lock, options)
  } catch (error) {
    lock.release()
    if (GovernanceError.isInstance(error)) throw error
    throw new GovernanceError('DATA_FOLDER_UNUSABLE', {
      message: `The database in ${lock.folder} cannot be opened: ${error instanceof Error ? error.message : String(error)}.`,
      cause: error,
    })
  }
}

async function openEngine(
  location: string,
  lock: FolderLock | undefined,
  { statementDeadlineMs = DEADLINE_MS, idleTransactionMs }: OpenDatabaseOptions,
): Promise<Database> {
  const engine: Engine = createEngine({ location, ...(idleTransactionMs === undefined ? {} : { idleTransactionMs }) })
  try {
    await engine.opened
  } catch (error) {
    await engine.close()
    throw error
  }
  const pools: Pool[] = []
  const openPool = (settings: PoolSettings): Pool => {
    const pool = createPglitePool(engine, { statementDeadlineMs, ...settings })
    pools.push(pool)
    return pool
  }
  return {
    kind: 'pglite',
    isHostPool: false,
    pool: openPool({}),
    openPool,
    announce: (address) => lock?.announce(address),
    async close() {
      await Promise.all(pools.splice(0).map(endPool))
      try {
        await engine.close()
      } finally {
        lock?.release()
      }
    },
  }
}
