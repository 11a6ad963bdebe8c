/** Work that is done again and again until it is closed. */
export interface Repetition {
  /** Begins nothing more, and waits for what runs. */
  close(): Promise<void>
}

/** Does work now, and again so many milliseconds after its end as it says; it must not throw. */
export function repeat(work: () => Promise<number>): Repetition {
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let running = Promise.resolve()

  async function once(): Promise<void> {
    const waitMs = await work()
    if (!closed) timer = setTimeout(start, waitMs)
  }

  function start(): void {
    running = once()
  }

  start()
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}
