/** Reads that many followers ask for at once, done once. */
export interface SharedReads {
  /** Joins the read of that key that has not begun yet, or adds one. */
  read<Result>(key: string, work: () => Promise<Result>): Promise<Result>
}

/**
 * Makes shared reads. One that has begun is joined by nobody: it may have looked before that was committed about which
 * the late comer was told.
 */
export function createSharedReads(): SharedReads {
  const waiting = new Map<string, Promise<unknown>>()
  return {
    read<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
      const known = waiting.get(key)
      // The key names what is read, so that what is read under it is of one form.
      if (known !== undefined) return known as Promise<Result>
      const reading = new Promise<void>((begin) => setImmediate(begin)).then(() => {
        waiting.delete(key)
        return work()
      })
      waiting.set(key, reading)
      return reading
    },
  }
}
