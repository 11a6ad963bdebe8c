/** Work of which at most one piece runs for each key. */
export interface SingleFlight<V> {
  /** Starts the work, or joins what runs for this key; a failure is that of all who joined, and is not kept. */
  run(key: string, work: () => Promise<V>): Promise<V>
  /** Lets the next caller start anew, for when what runs may already have read what has changed since. */
  forget(key: string): void
}

/** Makes a map of the work in flight. */
export function createSingleFlight<V>(): SingleFlight<V> {
  const flights = new Map<string, Promise<V>>()
  return {
    run(key, work) {
      const running = flights.get(key)
      if (running !== undefined) return running
      const started = (async () => work())()
      flights.set(key, started)
      const end = (): void => {
        if (flights.get(key) === started) flights.delete(key)
      }
      started.then(end, end)
      return started
    },
    forget(key) {
      flights.delete(key)
    },
  }
}
