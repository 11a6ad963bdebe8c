import type { Decision } from '@preceptor/client'
import { type CallSite, messagesOf } from '../attempt.ts'
import type { Gate } from '../gate.ts'

// A run that is given up never ends here; one that is forgotten is ended as if somebody watched it.
const MOST_RUNS = 1_000
const unwatched = new WeakMap<Gate, Set<string>>()

const runsOf = (gate: Gate): Set<string> => {
  const known = unwatched.get(gate) ?? new Set<string>()
  unwatched.set(gate, known)
  return known
}

/** Notes a run whose model has not answered yet: from now on every call of it is seen. */
export function beginUnwatched(gate: Gate, run: string | undefined, site: CallSite): void {
  const messages = messagesOf(site)
  const human = messages.findLastIndex(({ type }) => type === 'human')
  const isAtBeginning = human >= 0 && messages.slice(human).every(({ type }) => type !== 'ai')
  if (run === undefined || !isAtBeginning) return
  const runs = runsOf(gate)
  if (runs.size >= MOST_RUNS) runs.clear()
  runs.add(run)
}

/** Makes a call of a run; unless it was let run freely, somebody may watch the run from then on. */
export async function watchFor<T>(
  gate: Gate,
  run: string | undefined,
  call: { readonly decide: () => Promise<T>; readonly of: (result: T) => Decision },
): Promise<T> {
  let isFree = false
  try {
    const result = await call.decide()
    isFree = call.of(result).route === 'execution'
    return result
  } finally {
    // What failed on the way may have opened a session, too.
    if (run !== undefined && !isFree) runsOf(gate).delete(run)
  }
}

/** Ends a run here, and says whether it may have a session: not if all of it was seen, and nothing of it was watched. */
export function mayBeWatched(gate: Gate, run: string): boolean {
  return !runsOf(gate).delete(run)
}
