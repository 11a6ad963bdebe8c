/** Work that is done again and again until it is closed. */
export interface Repetition {
  /** Begins nothing more, and waits for what runs. */
  close(): Promise<void>
}

/** Calls the given function where there may be work before its time; gives the function that ends it. */
export type Wake = (wake: () => void) => () => void

// However often it is woken, it rests this long between two times.
const REST_MS = 5

/** Does work now, and again so many milliseconds after its end as it says, or when it is woken; it must not throw. */
export function repeat(work: () => Promise<number>, onWork: Wake = () => () => undefined): Repetition {
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let running: Promise<void> | undefined
  let isWoken = false
  let restsUntil = 0

  async function once(): Promise<void> {
    isWoken = false
    const waitMs = await work()
    running = undefined
    restsUntil = performance.now() + REST_MS
    if (!closed) timer = setTimeout(start, isWoken ? Math.min(REST_MS, waitMs) : waitMs)
  }

  function start(): void {
    running = once()
  }

  const end = onWork(() => {
    if (isWoken || closed) return
    isWoken = true
    // What runs may have looked before there was something: it looks again at its end.
    if (running !== undefined) return
    clearTimeout(timer)
    timer = setTimeout(start, Math.max(0, restsUntil - performance.now()))
  })
  start()
  return {
    async close() {
      closed = true
      end()
      clearTimeout(timer)
      await running
    },
  }
}
