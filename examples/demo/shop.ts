import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The way an attempt came to the gate. */
export type Adapter = 'langchain' | 'http' | 'mcp'

/** Whose attempt has an effect. */
export interface Cause {
  readonly agent: string
  readonly adapter: Adapter
  /** Names the attempt: a second effect with the same key would be one too many. */
  readonly key: string
}

/** One line of the book: something that was really done. */
export interface Effect extends Cause {
  readonly action: string
  /** Whether it must not happen a second time for the same attempt; looking, and setting to a value, may. */
  readonly once: boolean
  readonly detail: Readonly<Record<string, string | number>>
  readonly at: string
}

/** A little shop whose book is a file: what the agents do, they do here. */
export interface Shop {
  /** Effects of this process, in order. */
  readonly effects: readonly Effect[]
  readOrder(cause: Cause, order: string): Order
  writeNote(cause: Cause, order: string, text: string): Order
  refund(cause: Cause, order: string, cents: number): Order
  setStock(cause: Cause, article: string, pieces: number): { readonly article: string; readonly pieces: number }
  closeLedger(cause: Cause, day: string): { readonly day: string; readonly refundedCents: number }
}

/** What the shop knows of an order. */
export interface Order {
  readonly order: string
  readonly refundedCents: number
  readonly notes: number
}

/** Opens the shop on its book, which is created where it is missing. */
export function openShop(file: string): Shop {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const book = readBook(file)
  const effects: Effect[] = []
  const record = (effect: Omit<Effect, 'at'>): void => {
    const line = { ...effect, at: new Date().toISOString() }
    // Written before it returns: what is in the book survives the end of the process.
    appendFileSync(file, `${JSON.stringify(line)}\n`)
    book.push(line)
    effects.push(line)
  }
  const of = (action: string, order: string) =>
    book.filter((effect) => effect.action === action && effect.detail.order === order)
  const cents = (refunds: readonly Effect[]) => refunds.reduce((sum, { detail }) => sum + Number(detail.cents), 0)
  const look = (order: string): Order => ({
    order,
    refundedCents: cents(of('refund.create', order)),
    notes: of('note.write', order).length,
  })
  return {
    effects,
    readOrder(cause, order) {
      record({ ...cause, action: 'order.read', once: false, detail: { order } })
      return look(order)
    },
    writeNote(cause, order, text) {
      record({ ...cause, action: 'note.write', once: true, detail: { order, text } })
      return look(order)
    },
    refund(cause, order, amount) {
      record({ ...cause, action: 'refund.create', once: true, detail: { order, cents: amount } })
      return look(order)
    },
    setStock(cause, article, pieces) {
      record({ ...cause, action: 'stock.set', once: false, detail: { article, pieces } })
      return { article, pieces }
    },
    closeLedger(cause, day) {
      const refundedCents = cents(book.filter(({ action }) => action === 'refund.create'))
      record({ ...cause, action: 'ledger.close', once: true, detail: { day, refundedCents } })
      return { day, refundedCents }
    },
  }
}

function readBook(file: string): Effect[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  return text.split('\n').flatMap((line): Effect[] => {
    try {
      return [JSON.parse(line)]
    } catch {
      // The empty end, or a line that a power loss cut off.
      return []
    }
  })
}
