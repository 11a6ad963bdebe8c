/** What was read at some time. */
interface Reading {
  /** Milliseconds, monotonic. */
  readonly readAt: number
}

// Each that comes in takes out as many at most, so that nothing ever waits for a look through all of them.
const MOST_TAKEN_OUT = 2

/** What is known of agents, by id. What was read too long ago to be used is taken out again as others come in. */
export class KnownAgents<Known extends Reading> {
  /** In the order in which they were read. */
  readonly #known = new Map<string, Known>()

  get size(): number {
    return this.#known.size
  }

  get(id: string): Known | undefined {
    return this.#known.get(id)
  }

  /** Keeps what was read of an agent; what was read before `oldest` is of no use any more. */
  set(id: string, known: Known, oldest: number): void {
    // Taken out first: an id that is there would keep its place.
    this.#known.delete(id)
    this.#known.set(id, known)
    let left = MOST_TAKEN_OUT
    for (const [other, { readAt }] of this.#known) {
      if (left === 0 || readAt >= oldest) return
      this.#known.delete(other)
      left -= 1
    }
  }

  delete(id: string): void {
    this.#known.delete(id)
  }
}
