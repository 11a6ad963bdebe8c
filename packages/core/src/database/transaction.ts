import { GovernanceError } from '@preceptor/client'
import type { SQL } from 'drizzle-orm'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import type { Pool as DriverPool } from 'pg'
import { isSerializationFailure, toDatabaseFault } from './database-error.ts'
import { type Deadline, startDeadline } from './deadline.ts'
import { nameStatements, refusesNames } from './named-statements.ts'
import type { Database } from './open-database.ts'
import type { PoolClient, Queryable } from './pool.ts'
import { afterTheEnd, type Last, openGate, type Sent, type StatementGate } from './statement-gate.ts'
import { letGo } from './wire.ts'

/** One transaction in one workspace. It is given to whatever writes in it, and is dead once it has ended. */
export interface Tx {
  /** Statements of this transaction. Nested transactions are refused: their commit would end this one. */
  readonly db: Omit<NodePgDatabase, 'transaction'>
  /** The workspace that row-level security shows; `*` for the system role when it looks across workspaces. */
  readonly workspace: string
  /**
   * Writes something last: its statement is made once `work` is through, and sent together with the commit, which does
   * not happen where it fails. Several are written in the order in which they were asked for. Nothing is written where
   * `work` threw.
   *
   * @throws GovernanceError `INTERNAL` once the transaction has ended: what was asked for so late would be lost.
   */
  writeLast(statement: () => SQL): void
  /**
   * Calls back once the transaction is committed and its connection is free; never after a rollback. The callback cannot
   * undo anything: what it throws becomes a process warning.
   */
  afterCommit(callback: () => void): void
}

/** How a transaction is run. */
export interface TransactionScope {
  /** Name of the workspace, or `*` with the role `system`. */
  readonly workspace: string
  readonly role?: 'app' | 'system'
  /** Milliseconds from the call to the commit; 30,000 unless given. */
  readonly deadlineMs?: number
  /** Runs the callback again, up to three times, when the transaction lost against another one. */
  readonly retry?: boolean
  /**
   * Has each connection plan each statement once: for few statements that are asked over and over and find what they look
   * for by keys, whatever the values. Default false.
   */
  readonly named?: boolean
}

const WORKSPACE = /^[a-z0-9][a-z0-9_-]{0,62}$/
const DEADLINE_MS = 30_000
const RETRIES = 3

/**
 * Runs `work` in one transaction as the application role (or the system role) inside one workspace, and commits.
 * Whatever `work` throws rolls back and is thrown on.
 *
 * @throws GovernanceError `INPUT_INVALID` for a malformed workspace, `DEADLINE_EXCEEDED`, `STORE_UNAVAILABLE`,
 * `STORE_READ_ONLY`; errors of the statements themselves come as the driver's.
 * @example
 * ```ts
 * await inWorkspace(database, { workspace: 'default' }, (tx) => tx.db.execute(sql`select 1`))
 * ```
 */
export async function inWorkspace<Result>(
  database: Database,
  scope: TransactionScope,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  const begin = beginInWorkspace(database, scope)
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await runTransaction(database, { ...scope, begin }, work)
    } catch (error) {
      const refused = scope.named === true && refusesNames(database, error)
      const lost = refused || isSerializationFailure(error)
      if (scope.retry === true && attempt < RETRIES && lost) continue
      throw toDatabaseFault(error)
    }
  }
}

/**
 * Runs `work` in one transaction as the role that owns the tables, past row-level security: for migrations only.
 * `deadlineMs` is in milliseconds, 0 for none.
 */
export async function asOwner<Result>(
  database: Database,
  work: (client: Queryable) => Promise<Result>,
  { deadlineMs = 0 }: { readonly deadlineMs?: number } = {},
): Promise<Result> {
  const begin = `begin${timeouts(database, deadlineMs)}`
  try {
    return await withClient(database, { begin, deadlineMs }, async (client) => ({ result: await work(client) }))
  } catch (error) {
    throw toDatabaseFault(error)
  }
}

function beginInWorkspace(
  database: Database,
  { workspace, role = 'app', deadlineMs = DEADLINE_MS }: TransactionScope,
): string {
  if (!(WORKSPACE.test(workspace) || (workspace === '*' && role === 'system'))) {
    throw new GovernanceError('INPUT_INVALID', { message: `"${workspace}" is not a workspace name.` })
  }
  // One round trip. The workspace was checked above: nothing in it can end the literal.
  const local = [`role preceptor_${role === 'system' ? 'system' : 'app'}`, `preceptor.workspace to '${workspace}'`]
  // To compile a statement pays off for one that reads a whole table; ours would wait for it longer than they run.
  const jit = database.kind === 'pglite' ? '' : '; set local jit to off'
  return `begin; ${local.map((setting) => `set local ${setting}`).join('; ')}${jit}${timeouts(database, deadlineMs)}`
}

/** The server ends what the client gave up on. The embedded engine has deadlines of its own. */
function timeouts({ kind }: Database, deadlineMs: number): string {
  if (kind === 'pglite') return ''
  const bound = Math.ceil(deadlineMs)
  const idle = bound === 0 ? 0 : bound + 1_000
  return `; set local statement_timeout to ${bound}; set local idle_in_transaction_session_timeout to ${idle}`
}

async function runTransaction<Result>(
  database: Database,
  { begin, workspace, named = false, deadlineMs = DEADLINE_MS }: TransactionScope & { readonly begin: string },
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  const callbacks: (() => void)[] = []
  const result = await withClient(database, { begin, deadlineMs }, async (client) => {
    const last = openLast()
    try {
      const { add: writeLast } = last
      const afterCommit = (callback: () => void): void => void callbacks.push(callback)
      const db = drizzleOn(named ? nameStatements(database, client) : client)
      const done = await work({ db, workspace, writeLast, afterCommit })
      return { result: done, last: await last.write((statement) => db.execute(statement)) }
    } finally {
      last.close()
    }
  })
  for (const callback of callbacks) {
    try {
      callback()
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error))
    }
  }
  return result
}

type Send = (statement: SQL) => PromiseLike<unknown>

/** What a transaction writes last, in order; nothing is taken once it is closed. */
function openLast(): {
  add(statement: () => SQL): void
  /** Writes all but the final one, which is given back. */
  write(send: Send): Promise<Last | undefined>
  close(): void
} {
  const left: (() => SQL)[] = []
  let open = true
  return {
    add(statement) {
      if (!open) throw afterTheEnd()
      left.push(statement)
    },
    async write(send) {
      open = false
      const final = left.pop()
      for (const statement of left) await send(statement())
      return final && (() => send(final()).then(() => undefined))
    },
    close() {
      open = false
    },
  }
}

/** What came of a transaction, and what goes out with its commit. */
interface Done<Result> {
  readonly result: Result
  readonly last?: Last | undefined
}

async function withClient<Result>(
  database: Database,
  { begin, deadlineMs }: { readonly begin: string; readonly deadlineMs: number },
  work: (client: Queryable) => Promise<Done<Result>>,
): Promise<Result> {
  const deadline = startDeadline(deadlineMs)
  try {
    const client = await connect(database, deadline)
    let broken = false
    const gate = openGate(client)
    try {
      client.setStatementDeadline?.(deadlineMs)
      await deadline.race(client.query(begin))
      const { result, last } = await deadline.race(work(gate.client))
      const written = last && sendLast(gate, last, deadline)
      // What is not surely on its way is waited for: the commit must never overtake it.
      if (written?.isAhead === false) await deadline.race(written.done)
      gate.close()
      await deadline.race(commit(client, written?.done))
      return result
    } catch (error) {
      gate.close()
      broken = !(await rollBack(client, deadline)) || gate.wasRefused
      throw gate.causeOf(error)
    } finally {
      if (broken) letGo(client)
      client.release(broken)
    }
  } finally {
    deadline.stop()
  }
}

/**
 * How long before the deadline the server gives up a last statement that has its commit behind it, in milliseconds: whoever
 * was told that it took too long must not find it committed.
 */
const MARGIN_MS = 100
const MOST_MS = 2_147_483_647

function sendLast(gate: StatementGate, last: Last, { left }: Deadline): Sent {
  const milliseconds = Math.min(Math.floor(left - MARGIN_MS), MOST_MS)
  return milliseconds > 0 ? gate.sendAhead(last, milliseconds) : { done: Promise.resolve(last()), isAhead: false }
}

async function connect({ pool }: Database, deadline: Deadline): Promise<PoolClient> {
  const connecting = pool.connect()
  try {
    return await deadline.race(connecting)
  } catch (error) {
    connecting.then(
      (client) => client.release(),
      () => undefined,
    )
    throw error
  }
}

/** Commits, behind a statement that is on its way; both are waited for, as the client is lent to somebody else then. */
async function commit(client: PoolClient, written: Promise<unknown> | undefined): Promise<void> {
  const [last, committed] = await Promise.allSettled([written, client.query('commit')])
  if (last.status === 'rejected') throw last.reason
  if (committed.status === 'rejected') throw committed.reason
  // A failed transaction answers COMMIT with ROLLBACK: somebody caught the error of a statement and went on.
  if (committed.value.command !== 'COMMIT') {
    throw new GovernanceError('INTERNAL', {
      message: 'A statement of the transaction had failed, so it was rolled back.',
    })
  }
}

async function rollBack(client: PoolClient, deadline: Deadline): Promise<boolean> {
  if (deadline.expired) return false
  try {
    await deadline.race(client.query('rollback'))
    return true
  } catch {
    return false
  }
}

function drizzleOn(client: Queryable): Omit<NodePgDatabase, 'transaction'> {
  // Drizzle calls nothing but `query` on a client that is no pool, and its type asks for a whole one.
  const db = drizzle<Record<string, never>>(client as unknown as DriverPool)
  db.transaction = () => {
    throw new GovernanceError('INTERNAL', { message: 'A transaction cannot be opened inside another one.' })
  }
  return db
}
