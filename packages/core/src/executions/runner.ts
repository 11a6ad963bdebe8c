import { GovernanceError, type GuardCall, type GuardOptions, type RunEvent } from '@preceptor/client'
import type { RunSpan } from '@preceptor/client/tracing'
import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { agentsOf } from '../routing/attempt.ts'
import type { PermittedCall, Runner, RunResult } from '../routing/guard.ts'
import { toFault } from '../routing/to-fault.ts'
import { beginRun } from '../telemetry/run-span.ts'
import type { AbortWatch } from './abort-on-change.ts'
import type { Abortable } from './abortable.ts'
import type { Checkpoint } from './checkpoint.ts'
import { createEmitter, type Emitter, SILENT } from './emitter.ts'
import { keepClaim } from './keep-claim.ts'
import { recordEnd } from './record-end.ts'
import type { RunningCall, RunningCalls } from './running-calls.ts'
import { outcomeOfError, outcomeOfValue } from './storable-outcome.ts'

/** What runs stand on. */
export interface RunnerDependencies {
  readonly context: GovernorContext
  readonly running: RunningCalls
  readonly watch: AbortWatch
  readonly checkpoint: Checkpoint
  /** Tells who watches a supervised run what it says. */
  readonly emit: (call: PermittedCall, sessionId: string, events: readonly RunEvent[]) => Promise<void>
  /** Ends the session of a run that was a single call. */
  readonly endSession: (call: PermittedCall, state: 'completed' | 'failed') => Promise<void>
}

/** Makes the runner: the only place from which a guarded function is called. */
export function createRunner(dependencies: RunnerDependencies): Runner {
  const { context, running, watch } = dependencies
  return {
    listen: watch.listen,
    async run({ call, run, options, changes }) {
      const added = runningCall(call)
      const entry = running.add(added)
      const { abortable } = entry
      const keeper = keepClaim(context, call, abortable)
      const host = followHost(abortable, call, options.signal)
      try {
        // What was announced between the decision and now found nothing to abort.
        if (changes.heard(added)) await watch.look(added).catch((error) => abortable.abort(toFault(error)))
        const watched = await stillWatched(dependencies, call, abortable).catch((error: unknown) => {
          abortable.abort(toFault(error))
          return call
        })
        const { workspace } = call.actor
        const span = beginRun(context, { ...watched, workspace })
        return await span.run(() => perform(dependencies, { call: watched, run, options, abortable, host, span }))
      } finally {
        abortable.release()
        keeper.stop()
        entry.remove()
      }
    },
  }
}

function runningCall({ actor, trigger, claim, sessionId }: PermittedCall): RunningCall {
  return { workspace: actor.workspace, agents: agentsOf(trigger), epochs: claim?.epochs ?? [], sessionId }
}

interface Performance<T> {
  readonly call: PermittedCall
  readonly run: (call: GuardCall) => T | Promise<T>
  readonly options: GuardOptions
  readonly abortable: Abortable
  readonly host: AbortSignal | undefined
  readonly span: RunSpan
}

async function perform<T>(
  dependencies: RunnerDependencies,
  { call, run, options, abortable, host, span }: Performance<T>,
): Promise<RunResult<T>> {
  const { context } = dependencies
  if (abortable.aborted) {
    // Nothing ran: the same attempt may be made again.
    await recordEnd(context, call, { status: 'released' })
    await endSingleCall(dependencies, call, 'failed')
    if (host?.aborted !== true) return { result: 'refused', fault: toFault(abortable.reason) }
    throw abortable.reason
  }
  const emitter = emitterOf(dependencies, call)
  let value: T
  try {
    value = await run(guardCall(dependencies, call, { abortable, emitter, span }))
    await context.failpoint('tool.after_response')
    await emitter.flush()
  } catch (error) {
    await emitter.flush()
    const released = isControlFlow(context, options, error)
    await recordEnd(
      context,
      call,
      released ? { status: 'released' } : outcomeOfError(error, { signal: abortable, hidden: call.hidden }),
    )
    if (!released) {
      span.failed(error)
      await endSingleCall(dependencies, call, 'failed')
    }
    throw error
  }
  const recorded = await recordEnd(context, call, outcomeOfValue(value, options.encode))
  await endSingleCall(dependencies, call, 'completed')
  // What a terminated run gives comes too late to be used.
  if (isTerminated(abortable)) {
    span.failed(abortable.reason)
    throw abortable.reason
  }
  return { result: 'ran', value, recorded }
}

function isControlFlow(context: GovernorContext, options: GuardOptions, error: unknown): boolean {
  try {
    return options.isControlFlow?.(error) === true
  } catch (fault) {
    // The host's question failed; what the run threw is still recorded, and still what the caller gets.
    const message = `Whether an error is control flow could not be asked: ${String(fault)}`
    context.report({ level: 'warn', code: 'NOTICE', message })
    return false
  }
}

/** A claim that took its time may outlast the watch that it was made under: then somebody has to watch again first. */
async function stillWatched(
  { context, checkpoint }: RunnerDependencies,
  call: PermittedCall,
  abortable: Abortable,
): Promise<PermittedCall> {
  const { watchedUntil, guidance } = call
  if (watchedUntil === null || watchedUntil > context.clock.now()) return call
  return { ...call, guidance: [...guidance, ...(await checkpoint(call, abortable.signal))] }
}

function isTerminated({ reason }: Abortable): boolean {
  return GovernanceError.isInstance(reason) && reason.code === 'RUN_TERMINATED'
}

function emitterOf({ context, emit }: RunnerDependencies, call: PermittedCall): Emitter {
  const { sessionId } = call
  return sessionId === null ? SILENT : createEmitter(context, (events) => emit(call, sessionId, events))
}

function guardCall(
  { checkpoint: check }: RunnerDependencies,
  call: PermittedCall,
  { abortable, emitter, span }: { readonly abortable: Abortable; readonly emitter: Emitter; readonly span: RunSpan },
): GuardCall {
  const { args, decision, idempotencyKey, claim, guidance } = call
  return {
    args,
    decision,
    idempotencyKey,
    get signal() {
      return abortable.signal
    },
    attempt: claim?.attempt ?? 1,
    guidance,
    checkpoint: async () => {
      // Who watches sees what the run said before it is seen to wait.
      await emitter.flush()
      if (abortable.aborted) throw abortable.reason
      return { guidance: await span.across(() => check(call, abortable.signal)) }
    },
    emit: emitter.emit,
  }
}

async function endSingleCall(
  { context, endSession }: RunnerDependencies,
  call: PermittedCall,
  state: 'completed' | 'failed',
): Promise<void> {
  if (call.sessionId === null || call.trigger.run !== undefined) return
  try {
    await endSession(call, state)
  } catch (error) {
    // The run is over and recorded; an idle session is ended by the jobs.
    const message = `The session ${call.sessionId} of ${actorName(call.actor)} could not be ended: ${String(error)}`
    context.report({ level: 'warn', code: 'NOTICE', message })
  }
}

/** What has an effect, or is watched, follows its host from the beginning; a safe run from when it looks at its signal. */
function followHost(
  abortable: Abortable,
  { claim, sessionId }: PermittedCall,
  host: GuardOptions['signal'],
): AbortSignal | undefined {
  if (typeof host === 'function' && claim === null && sessionId === null) {
    abortable.followOnceAsked(host)
    return undefined
  }
  try {
    const signal = typeof host === 'function' ? host() : host
    if (signal !== undefined) abortable.follow(signal)
    return signal
  } catch (error) {
    // A host that cannot say whether it still waits gets no run; what was claimed is released.
    abortable.abort(toFault(error))
    return undefined
  }
}
