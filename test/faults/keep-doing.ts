import { setTimeout as sleep } from 'node:timers/promises'

/** Something that is done again and again. */
export interface Repeated {
  /** Ends it once what is being done has ended; throws what that threw. */
  close(): Promise<void>
}

/** Does something again and again, with so long between two times; a failure ends it, and is thrown where it is closed. */
export function keepDoing(everyMs: number, work: (isOpen: () => boolean) => Promise<void>): Repeated {
  let open = true
  const isOpen = (): boolean => open
  const loop = (async () => {
    while (open) {
      await work(isOpen)
      await sleep(everyMs)
    }
  })()
  // It is awaited at the end; until then a failure must not end the run.
  loop.catch(() => undefined)
  return {
    async close() {
      open = false
      await loop
    },
  }
}
