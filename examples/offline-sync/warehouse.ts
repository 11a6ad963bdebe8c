/** A change of the stock that really happened. */
export interface Move {
  readonly article: string
  readonly pieces: number
  /** Of the attempt that it was made for. */
  readonly key: string
}

/**
 * The warehouse, beside everything that is governed. It does whatever it is asked, and twice when it is asked twice: that
 * nothing is done twice is not its merit.
 */
export interface Warehouse {
  readonly moves: readonly Move[]
  /** Gives the stock afterwards; throws where there is not so much. */
  move(move: Move): number
}

/** Opens a warehouse with some pieces of each article. */
export function openWarehouse(pieces: Readonly<Record<string, number>>): Warehouse {
  const stock = new Map(Object.entries(pieces))
  const moves: Move[] = []
  return {
    moves,
    move(move) {
      const left = (stock.get(move.article) ?? 0) + move.pieces
      if (left < 0) throw new Error(`There are not so many pieces of ${move.article}.`)
      stock.set(move.article, left)
      moves.push(move)
      return left
    },
  }
}
