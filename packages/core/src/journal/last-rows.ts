import type { Tx } from '../database/transaction.ts'
import { insertJournalRow, insertJournalRows, type NewJournalRow } from './store.ts'

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
    tx.beforeCommit(() => this.#write(tx))
    return true
  }

  async #write(tx: Tx): Promise<void> {
    const rows = this.#waiting.get(tx) ?? []
    this.#waiting.delete(tx)
    const [only, second] = rows
    if (only !== undefined && second === undefined) await insertJournalRow(tx, only)
    else await insertJournalRows(tx, rows, { areNew: true })
  }
}
