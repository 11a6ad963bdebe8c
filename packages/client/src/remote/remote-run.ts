import { GovernanceError } from '../errors/governance-error.ts'
import type { GuardCall, GuardOptions } from '../port/guard.ts'
import type { RemoteEnd } from '../port/remote-guard.ts'
import { beginRunSpan, type RunSpan } from '../tracing/run-span.ts'
import { checkpointOf } from './checkpoint.ts'
import { toFault } from './deny.ts'
import { emitterOf } from './emitter.ts'
import { keepAlive } from './keep-alive.ts'
import { outcomeOfError, outcomeOfValue } from './outcome.ts'
import type { PermittedRun } from './permitted-run.ts'
import { recordEnd } from './record-end.ts'
import type { RunningCalls } from './running-calls.ts'

/** What a permitted run is run with. */
export interface RunRequest<T> {
  readonly permitted: PermittedRun
  readonly run: (call: GuardCall) => T | Promise<T>
  readonly options: RunOptions
  /** Milliseconds to wait for a supervisor who left. */
  readonly attachWithinMs: number
}

/** The options of a guarded call, with the signal of its host at hand. */
export interface RunOptions extends Omit<GuardOptions, 'signal'> {
  readonly signal?: AbortSignal
}

/** How a permitted run went. */
export type RunResult<T> =
  | { readonly result: 'ran'; readonly value: T; readonly recorded: boolean }
  /** What the gate let through must not begin any more. */
  | { readonly result: 'refused'; readonly fault: GovernanceError }

/** An answer that took so long is checked again: a stop may have come while it was on its way. */
const STALE_AFTER_MS = 500

/** Runs what the gate let through: abortable, kept alive, its outcome recorded. */
export async function runPermitted<T>(running: RunningCalls, request: RunRequest<T>): Promise<RunResult<T>> {
  const { permitted, options } = request
  const { controller, remove } = running.add()
  const checkpoint = checkpointOf(permitted, request.attachWithinMs)
  const keeper = keepAlive(permitted, controller, (deadlineMs) => checkpoint.renew(deadlineMs))
  const unlink = link(options.signal, controller)
  const { signal } = controller
  try {
    if (performance.now() - permitted.askedAt > STALE_AFTER_MS) {
      await checkpoint.renew().catch((error: unknown) => controller.abort(toFault(error)))
    }
    const guidance = await watchedAgain(permitted, checkpoint.check).catch((error: unknown) => {
      controller.abort(toFault(error))
      return []
    })
    if (signal.aborted) return await refuse(request, signal)
    const span = spanOf(permitted)
    return await span.run(() => perform(request, { signal, checkpoint: checkpoint.check, guidance, span }))
  } finally {
    unlink()
    keeper.stop()
    remove()
  }
}

/** What the gate traced of the decision is in its answer, because nothing here can look it up. */
function spanOf({ decision, call }: PermittedRun): RunSpan {
  const { decision: traceparent = null, asked } = call.trace ?? {}
  const now = (): number => performance.now()
  return beginRunSpan({ decision, traceparent, now, ...(asked !== undefined && { findAsking: async () => asked }) })
}

/** A claim that took its time may outlast the watch that it was made under: then somebody has to watch again first. */
async function watchedAgain(
  { call, askedAt }: PermittedRun,
  check: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const { guidance, watchedMs } = call
  if (watchedMs === null || performance.now() - askedAt < watchedMs) return guidance
  return [...guidance, ...(await check())]
}

/** Nothing ran: the same attempt may be made again. */
async function refuse<T>({ permitted, options }: RunRequest<T>, signal: AbortSignal): Promise<RunResult<T>> {
  const released = { outcome: { status: 'released' }, ...sessionEnd(permitted, 'failed') } as const
  const fault = toFault(signal.reason)
  const isOfHost = options.signal?.aborted === true
  await recordEnd(permitted, isOfHost ? released : { ...released, refusal: fault.code })
  if (isOfHost) throw signal.reason
  return { result: 'refused', fault }
}

async function perform<T>(
  { permitted, run, options }: RunRequest<T>,
  {
    signal,
    checkpoint,
    guidance,
    span,
  }: {
    readonly signal: AbortSignal
    readonly checkpoint: () => Promise<readonly string[]>
    readonly guidance: readonly string[]
    readonly span: RunSpan
  },
): Promise<RunResult<T>> {
  const { call, decision, trigger } = permitted
  const { attempt, idempotencyKey } = call
  const emitter = emitterOf(permitted)
  const args = call.args ?? trigger.args
  let value: T
  try {
    value = await run({
      args,
      signal,
      decision,
      idempotencyKey,
      attempt,
      guidance,
      checkpoint: async () => {
        // Who watches sees what the run said before it is seen to wait.
        await emitter.flush()
        if (signal.aborted) throw signal.reason
        return { guidance: await span.across(checkpoint) }
      },
      emit: emitter.emit,
    })
    await emitter.flush()
  } catch (error) {
    await emitter.flush()
    const released = isControlFlow(options, error)
    if (!released) span.failed(error)
    const end = released
      ? { outcome: { status: 'released' } as const }
      : { outcome: outcomeOfError(error, signal), ...sessionEnd(permitted, 'failed') }
    await recordEnd(permitted, end)
    throw error
  }
  const outcome = outcomeOfValue(value, options.encode)
  const recorded = await recordEnd(permitted, { outcome, ...sessionEnd(permitted, 'completed') })
  // What a terminated run gives comes too late to be used.
  if (GovernanceError.isInstance(signal.reason) && signal.reason.code === 'RUN_TERMINATED') {
    span.failed(signal.reason)
    throw signal.reason
  }
  return { result: 'ran', value, recorded }
}

function isControlFlow(options: RunOptions, error: unknown): boolean {
  try {
    return options.isControlFlow?.(error) === true
  } catch {
    // The host's question failed; what the run threw is still recorded, and still what the caller gets.
    return false
  }
}

/** A session that was opened for this one call ends with it. */
function sessionEnd(
  { decision, trigger }: PermittedRun,
  session: NonNullable<RemoteEnd['session']>,
): Pick<RemoteEnd, 'session'> {
  return decision.route === 'supervision' && trigger.run === undefined ? { session } : {}
}

function link(signal: AbortSignal | undefined, controller: AbortController): () => void {
  if (signal === undefined) return () => undefined
  const abort = (): void => controller.abort(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  return () => signal.removeEventListener('abort', abort)
}
