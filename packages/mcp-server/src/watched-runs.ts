import {
  type ControlScope,
  GovernanceError,
  type GuardCall,
  type GuardResult,
  type JsonValue,
  type StoredOutcome,
  type Trigger,
} from '@preceptor/client'

/** Runs that a supervisor watches while the caller makes them; they are held open until the caller reports. */
export interface WatchedRuns {
  /** Waits for a supervisor and starts the run, or gives what became of it instead. */
  start(
    trigger: Trigger,
    signal: AbortSignal,
  ): Promise<GuardCall | Exclude<GuardResult<JsonValue>, { status: 'executed' }>>
  /**
   * Ends a run with its outcome; false when it is none of these runs.
   *
   * @throws GovernanceError with the code of what ended the run before.
   */
  settle(decisionId: string, outcome: StoredOutcome): Promise<boolean>
  /** Ends what is open; whether it took effect is not known. */
  close(): Promise<void>
}

interface OpenRun {
  readonly agent: string
  readonly end: (outcome: StoredOutcome) => void
  /** Settles when the outcome is on record; with the error that ended the run, if one did. */
  readonly recorded: Promise<unknown>
}

/** Clients do not wait much longer for a call. */
const ATTACH_WITHIN_MS = 10_000
/** The same time as that for what nobody watches. */
const REPORT_WITHIN_MS = 600_000
const NEVER_REPORTED = 'The caller went away without a report: whether it took effect is unknown.'

/** Keeps the watched runs of one client; `run` names all of them, so that one session watches them. */
export function createWatchedRuns(scope: ControlScope, run: string): WatchedRuns {
  const open = new Map<string, OpenRun>()
  const agents = new Set<string>()
  return {
    start: (trigger, signal) => {
      agents.add(trigger.agent)
      return begin({ scope, open, signal, trigger: { run, ...trigger } })
    },
    async settle(decisionId, outcome) {
      const found = open.get(decisionId)
      if (found === undefined) return false
      open.delete(decisionId)
      found.end(outcome)
      const end = await found.recorded
      if (GovernanceError.isInstance(end)) throw end
      return true
    },
    async close() {
      const left = [...open.values()]
      open.clear()
      for (const { end } of left) end({ status: 'failed', message: NEVER_REPORTED })
      await Promise.all(left.map(({ recorded }) => recorded))
      await Promise.allSettled(
        [...agents].map((agent) => scope.finish(run, { agent, status: left.length === 0 ? 'completed' : 'failed' })),
      )
    },
  }
}

interface Beginning {
  readonly scope: ControlScope
  readonly open: Map<string, OpenRun>
  readonly signal: AbortSignal
  readonly trigger: Trigger
}

function begin({ scope, open, signal, trigger }: Beginning): ReturnType<WatchedRuns['start']> {
  return new Promise((resolve, reject) => {
    const waiting = new AbortController()
    const giveUp = (): void => waiting.abort(signal.reason)
    signal.addEventListener('abort', giveUp, { once: true })
    const run = (call: GuardCall): Promise<JsonValue> => {
      // From here on the run belongs to the caller, not to the call that asked for it.
      signal.removeEventListener('abort', giveUp)
      const { outcome, end } = awaitReport(call.signal)
      open.set(call.decision.id, { agent: trigger.agent, end, recorded })
      resolve(call)
      return outcome
    }
    const ended = scope.guard(trigger, run, { attachWithinMs: ATTACH_WITHIN_MS, signal: waiting.signal })
    ended.then((result) => result.status !== 'executed' && resolve(result), reject)
    const recorded: Promise<unknown> = ended.then(
      (result) =>
        result.status === 'executed' && !result.recorded ? new GovernanceError('STORE_UNAVAILABLE') : undefined,
      (error: unknown) => error,
    )
  })
}

/** The outcome of a run as the caller reports it: in time, and unless something ends the run before. */
function awaitReport(signal: AbortSignal): { readonly outcome: Promise<JsonValue>; readonly end: OpenRun['end'] } {
  let end: OpenRun['end'] = () => undefined
  const outcome = new Promise<JsonValue>((resolve, reject) => {
    const fail = (error: unknown): void => {
      clearTimeout(timer)
      reject(error)
    }
    const late = (): void => fail(new GovernanceError('OUTCOME_UNKNOWN', { message: NEVER_REPORTED }))
    const timer = setTimeout(late, REPORT_WITHIN_MS)
    timer.unref()
    signal.addEventListener('abort', () => fail(signal.reason), { once: true })
    end = (reported) => {
      clearTimeout(timer)
      if (reported.status === 'succeeded') resolve(reported.value)
      else reject(new Error(reported.message))
    }
  })
  return { outcome, end }
}
