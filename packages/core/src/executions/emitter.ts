import type { RunEvent } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'

/** Tells who watches a run what it says, in order; several at once, soon after they were said. */
export interface Emitter {
  emit(event: RunEvent): void
  /** Resolves once all of it is stored, or could not be. */
  flush(): Promise<void>
}

/** Stores events of a run, in their order. */
export type StoreRunEvents = (events: readonly RunEvent[]) => Promise<void>

const EVERY_MS = 50
const MOST_WAITING = 1_000
const MOST_AT_ONCE = 100

/** An emitter of a run that nobody watches. */
export const SILENT: Emitter = { emit: () => undefined, flush: () => Promise.resolve() }

/** Makes the emitter of one run. What cannot be stored is reported and dropped: a run does not fail by what it says. */
export function createEmitter(context: GovernorContext, store: StoreRunEvents): Emitter {
  let waiting: RunEvent[] = []
  let dropped = 0
  let flight: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const send = async (): Promise<void> => {
    while (waiting.length > 0) {
      const events = waiting.splice(0, MOST_AT_ONCE)
      await store(events).catch((error: unknown) => {
        context.report({ level: 'warn', code: 'NOTICE', message: `What a run said was lost: ${String(error)}` })
      })
    }
    if (dropped > 0) context.report({ level: 'warn', code: 'NOTICE', message: `A run said too much: ${dropped} lost.` })
    dropped = 0
  }
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    flight = flight.then(send)
    return flight
  }
  return {
    emit(event) {
      if (waiting.length >= MOST_WAITING) {
        dropped += 1
        return
      }
      waiting = [...waiting, event]
      timer ??= setTimeout(() => void flush(), EVERY_MS).unref()
    },
    flush,
  }
}
