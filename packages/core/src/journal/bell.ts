/** Wakes one waiter; a ring that comes while nobody waits is kept. */
export interface Bell {
  readonly ring: () => void
  /** Resolves with the next ring, or after that many milliseconds. */
  wait(atMostMs: number): Promise<void>
}

/** Makes a bell. */
export function createBell(): Bell {
  let isRung = false
  let wake: (() => void) | undefined
  return {
    ring() {
      isRung = true
      wake?.()
    },
    async wait(atMostMs) {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, atMostMs)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        wake = undefined
      }
      isRung = false
    },
  }
}
