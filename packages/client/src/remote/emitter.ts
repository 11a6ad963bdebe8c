import type { RunEvent } from '../resources/supervision.ts'
import type { PermittedRun } from './permitted-run.ts'

/** Tells who watches a run what it says, in order; several at once, soon after they were said. */
export interface Emitter {
  readonly emit: (event: RunEvent) => void
  /** Resolves once all of it was sent, or could not be. */
  flush(): Promise<void>
}

const EVERY_MS = 100
const MOST_WAITING = 1_000
const MOST_AT_ONCE = 100

/** Makes the emitter of one run; of a run that nobody watches nothing is kept. */
export function emitterOf({ call, decision, trigger, request }: PermittedRun): Emitter {
  const { claim } = call
  if (claim === null || decision.route !== 'supervision')
    return { emit: () => undefined, flush: () => Promise.resolve() }
  const path = `/decisions/${encodeURIComponent(decision.id)}/emit`
  let waiting: RunEvent[] = []
  let flight: Promise<void> = Promise.resolve()
  let timer: ReturnType<typeof setTimeout> | undefined
  const send = async (): Promise<void> => {
    while (waiting.length > 0) {
      const events = waiting.splice(0, MOST_AT_ONCE).map((event) => ({ ...event }))
      const body = { agent: trigger.agent, fence: claim.fence, events }
      // A run does not fail by what it says.
      await request({ method: 'POST', path, body }).catch(() => undefined)
    }
  }
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    flight = flight.then(send)
    return flight
  }
  return {
    emit(event) {
      if (waiting.length >= MOST_WAITING) return
      waiting = [...waiting, event]
      timer ??= setTimeout(() => void flush(), EVERY_MS)
    },
    flush,
  }
}
