import { GovernanceError } from '@preceptor/client'
import { databaseErrorCode } from './database-error.ts'
import type { PoolClient, Queryable, QueryConfig, QueryResult } from './pool.ts'
import { sendTogether, unsent } from './wire.ts'

/** Sends a statement as it is called. */
export type Last = () => PromiseLike<unknown>

/** A statement that was sent. */
export interface Sent {
  readonly done: Promise<unknown>
  /** Whether it is on its way, and nothing but the server can refuse it: then a commit may follow it at once. */
  readonly isAhead: boolean
}

/** What the statements of one transaction go through. */
export interface StatementGate {
  readonly client: Queryable
  /** Sends the last statement, which the server gives up after so many milliseconds where a commit may follow it. */
  sendAhead(last: Last, milliseconds: number): Sent
  /** Whether a statement came to the server behind one that had failed. */
  readonly wasRefused: boolean
  /** The error that made the server refuse what came behind it, where another one is only about that. */
  causeOf(error: unknown): unknown
  close(): void
}

// What the server answers to a statement behind one that has failed.
const REFUSED = '25P02'

/**
 * Lets the statements of a transaction through until it ends. What a callback left running must not reach the connection
 * afterwards: it would run in somebody else's transaction, or as the owner. A client that cannot send ahead gets one at a
 * time.
 */
export function openGate(client: PoolClient): StatementGate {
  let open = true
  let underWay: Promise<unknown> | null = null
  let values: readonly unknown[] | null = null
  let first: unknown
  let wasRefused = false

  function fail(error: unknown): void {
    first ??= error
    if (databaseErrorCode(error) === REFUSED) wasRefused = true
  }

  function send<Row>(statement: string | QueryConfig, given?: readonly unknown[]): Promise<QueryResult<Row>> {
    if (!open) return Promise.reject(afterTheEnd())
    sendTogether(client)
    const answer = client.query<Row>(statement, given)
    values = given ?? (typeof statement === 'string' ? [] : (statement.values ?? []))
    answer.then(undefined, fail)
    return answer
  }

  function inTurn<Row>(statement: string | QueryConfig, given?: readonly unknown[]): Promise<QueryResult<Row>> {
    const turn = () => send<Row>(statement, given)
    // Behind one that failed nothing is sent: it has rolled back what this one would belong to.
    const answer = underWay === null ? turn() : underWay.then(turn)
    underWay = answer
    const end = (): void => {
      if (underWay === answer) underWay = null
    }
    answer.then(end, end)
    return answer
  }

  return {
    client: { query: client.pipeline === true ? send : inTurn },
    sendAhead(last, milliseconds) {
      if (client.pipeline !== true) return { done: Promise.resolve(last()), isAhead: false }
      const bound = send(`set local statement_timeout to ${milliseconds}`)
      const before = unsent(client)
      values = null
      const written = last()
      const isAhead = values !== null && isPlain(values) && unsent(client) > before
      return { done: Promise.all([bound, written]), isAhead }
    },
    get wasRefused() {
      return wasRefused
    },
    causeOf: (error) => (databaseErrorCode(error) === REFUSED ? (first ?? error) : error),
    close() {
      open = false
    },
  }
}

/** Values that the driver only has to write down: it could refuse others by itself, and the commit would go out alone. */
function isPlain(values: readonly unknown[]): boolean {
  return values.every((value) => (Array.isArray(value) ? isPlain(value) : value === null || typeof value !== 'object'))
}

/** The answer to a statement of a transaction that has ended. */
export function afterTheEnd(): GovernanceError {
  return new GovernanceError('INTERNAL', { message: 'A statement came after the end of its transaction.' })
}
