import type { SQL } from 'drizzle-orm'
import type { Tx } from '../database/transaction.ts'
import { type NewJournalRow, newRows, oneRow } from './store.ts'

/** The rows that transactions write as the last of what they do: one statement each, however many rows they are. */
export class LastRows {
  readonly #waiting = new WeakMap<Tx, NewJournalRow[]>()

  /** Adds a row, in order; whether it is the first of its transaction. */
  add(tx: Tx, row: NewJournalRow): boolean {
    const rows = this.#waiting.get(tx)
    if (rows !== undefined) {
      rows.push(row)
      return false
    }
    this.#waiting.set(tx, [row])
    tx.writeLast(() => this.#take(tx))
    return true
  }

  #take(tx: Tx): SQL {
    const rows = this.#waiting.get(tx) ?? []
    this.#waiting.delete(tx)
    const [only, second] = rows
    return only !== undefined && second === undefined ? oneRow(tx, only) : newRows(tx, rows)
  }
}
