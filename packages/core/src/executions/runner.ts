import { GovernanceError, type GuardCall, type GuardOptions, type RunEvent } from '@preceptor/client'
import type { RunSpan } from '@preceptor/client/tracing'
import { actorName } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { agentsOf } from '../routing/attempt.ts'
import type { PermittedCall, Runner, RunResult } from '../routing/guard.ts'
import { toFault } from '../routing/to-fault.ts'
import { beginRun } from '../telemetry/run-span.ts'
import type { AbortWatch } from './abort-on-change.ts'
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
      const keeper = keepClaim(context, call, entry.controller)
      const unlink = link(options.signal, entry.controller)
      try {
        // What was announced between the decision and now found nothing to abort.
        if (changes.heard(added)) await watch.look(added).catch((error) => entry.controller.abort(toFault(error)))
        const { signal } = entry.controller
        const watched = await stillWatched(dependencies, call, signal).catch((error: unknown) => {
          entry.controller.abort(toFault(error))
          return call
        })
        const { workspace } = call.actor
        const span = beginRun(context, { ...watched, workspace })
        return await span.run(() => perform(dependencies, { call: watched, run, options, signal, span }))
      } finally {
        unlink()
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
  readonly signal: AbortSignal
  readonly span: RunSpan
}

async function perform<T>(
  dependencies: RunnerDependencies,
  { call, run, options, signal, span }: Performance<T>,
): Promise<RunResult<T>> {
  const { context } = dependencies
  if (signal.aborted) {
    // Nothing ran: the same attempt may be made again.
    await recordEnd(context, call, { status: 'released' })
    await endSingleCall(dependencies, call, 'failed')
    if (options.signal?.aborted !== true) return { result: 'refused', fault: toFault(signal.reason) }
    throw signal.reason
  }
  const emitter = emitterOf(dependencies, call)
  let value: T
  try {
    value = await run(guardCall(dependencies, call, { signal, emitter, span }))
    await context.failpoint('tool.after_response')
    await emitter.flush()
  } catch (error) {
    await emitter.flush()
    const released = isControlFlow(context, options, error)
    await recordEnd(
      context,
      call,
      released ? { status: 'released' } : outcomeOfError(error, { signal, hidden: call.hidden }),
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
  if (isTerminated(signal)) {
    span.failed(signal.reason)
    throw signal.reason
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
  signal: AbortSignal,
): Promise<PermittedCall> {
  const { watchedUntil, guidance } = call
  if (watchedUntil === null || watchedUntil > context.clock.now()) return call
  return { ...call, guidance: [...guidance, ...(await checkpoint(call, signal))] }
}

function isTerminated({ reason }: AbortSignal): boolean {
  return GovernanceError.isInstance(reason) && reason.code === 'RUN_TERMINATED'
}

function emitterOf({ context, emit }: RunnerDependencies, call: PermittedCall): Emitter {
  const { sessionId } = call
  return sessionId === null ? SILENT : createEmitter(context, (events) => emit(call, sessionId, events))
}

function guardCall(
  { checkpoint: check }: RunnerDependencies,
  call: PermittedCall,
  { signal, emitter, span }: { readonly signal: AbortSignal; readonly emitter: Emitter; readonly span: RunSpan },
): GuardCall {
  const { args, decision, idempotencyKey, claim, guidance } = call
  return {
    args,
    decision,
    idempotencyKey,
    signal,
    attempt: claim?.attempt ?? 1,
    guidance,
    checkpoint: async () => {
      // Who watches sees what the run said before it is seen to wait.
      await emitter.flush()
      if (signal.aborted) throw signal.reason
      return { guidance: await span.across(() => check(call, signal)) }
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

function link(signal: AbortSignal | undefined, controller: AbortController): () => void {
  if (signal === undefined) return () => undefined
  const abort = (): void => controller.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return () => signal.removeEventListener('abort', abort)
}
