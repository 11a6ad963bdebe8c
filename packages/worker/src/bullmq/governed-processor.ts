import {
  type ControlPlane,
  type ErrorCode,
  GovernanceError,
  type GuardCall,
  type JsonObject,
  type JsonValue,
  type Principal,
  type ReplayedResult,
  type Trigger,
  type TriggerType,
  type WithheldResult,
} from '@preceptor/client'
import { dataOf, type GovernedJob, keyOf } from './governed-job.ts'
import { LEAST_MS, type LookAgain, nextLook } from './next-look.ts'
import { createParkedJobs, type ParkedJobs } from './parked-jobs.ts'

/** Whose jobs are governed, and what they attempt. */
export interface GovernedProcessorOptions<Job extends GovernedJob = GovernedJob> {
  /** Id of the agent. Of the host, and never of a job: whoever may add jobs must not choose whose rights they have. */
  readonly agent: string
  /** Name of the registered action, such as `refund.create`, or how to tell it from the job. */
  readonly action: string | ((job: Job) => string)
  /** What is decided on and what the processor is given; default: the data of the job. */
  readonly args?: (job: Job) => JsonObject
  /** Default `default`. */
  readonly workspace?: string
  /** Who acts, from verified credentials; default: the agent itself. */
  readonly principal?: Principal
  /** What the action is about, such as an order id. */
  readonly resource?: (job: Job) => string | undefined
  /** What reviewers see beside the args. */
  readonly context?: (job: Job) => JsonObject | undefined
  /** Given where a job starts a run of the agent. */
  readonly type?: TriggerType
  /** Milliseconds that a supervised job holds its place and waits for a supervisor; default 20,000. */
  readonly attachWithinMs?: number
  /** When a job that waits is looked at again, where no event wakes it. */
  readonly lookAgain?: LookAgain
}

/** What runs when the gate lets a job run: the args, the signal and the rest are those of `guard`. */
export type GovernedWork<Job extends GovernedJob, Result> = (job: Job, call: GuardCall) => Result | Promise<Result>

/** A processor as BullMQ takes it; it also gives the recorded result of a job that ran before. */
export type GovernedProcessor<Job extends GovernedJob, Result> = (
  job: Job,
  token?: string,
  signal?: AbortSignal,
) => Promise<Result | JsonValue>

const FIRST_MS = 5_000
const MOST_MS = 300_000

/**
 * Makes a processor for a worker of your own queue: each of its jobs passes the gate before it runs. Queue and job id are
 * the idempotency key, so that a job that stalls or is tried again never has its effect twice; one whose worker died in the
 * middle fails with `OUTCOME_UNKNOWN`, unless its action is idempotent. A job that waits for people or for a supervisor is
 * put off without holding a place and without using up an attempt, and comes back when people have decided. One that is
 * rejected or blocked fails with its code and is not tried again. Faults of the gate put it off.
 *
 * @throws GovernanceError `OPTION_INVALID`, `INPUT_INVALID`.
 * @example
 * ```ts
 * import type { ControlPlane } from '@preceptor/client'
 * import { governedProcessor } from '@preceptor/worker'
 * import { type Job, Worker } from 'bullmq'
 *
 * type Refund = { order: string; cents: number }
 *
 * export const startRefunds = (governor: ControlPlane): Worker =>
 *   new Worker(
 *     'refunds',
 *     governedProcessor(
 *       governor,
 *       { agent: 'refund-bot', action: 'refund.create', args: (job: Job<Refund>) => job.data },
 *       async (job, { args, signal }) => {
 *         signal.throwIfAborted()
 *         return `job ${job.id} refunds ${String(args.cents)} cents of ${String(args.order)}`
 *       },
 *     ),
 *     { connection: { url: 'redis://localhost:6379' } },
 *   )
 * ```
 */
export function governedProcessor<Job extends GovernedJob, Result>(
  governor: Pick<ControlPlane, 'as'>,
  options: GovernedProcessorOptions<Job>,
  work: GovernedWork<Job, Result>,
): GovernedProcessor<Job, Result> {
  const { agent, workspace = 'default', principal = { kind: 'agent', id: agent, roles: [] } } = options
  const again = settleLookAgain(options.lookAgain)
  const scope = governor.as({ workspace, principal })
  const parked = createParkedJobs(scope)
  const { attachWithinMs } = options
  // BullMQ gives a signal to functions that name three parameters.
  return async (job, token, signal) => {
    let thrown: unknown
    const run = async (call: GuardCall): Promise<Result> => {
      try {
        return await work(job, call)
      } catch (error) {
        // What ended the run is the gate's, whoever throws it.
        if (error !== call.signal.reason) thrown = error
        throw error
      }
    }
    const waiting = {
      isControlFlow,
      ...(signal && { signal }),
      ...(attachWithinMs !== undefined && { attachWithinMs }),
    }
    try {
      const result = await scope.guard(triggerOf(job, options), run, waiting)
      if (result.status === 'executed') return result.value
      if (result.status === 'replayed') return replay(result)
      return await putOff(job, { token, decision: result.decision, again, parked })
    } catch (error) {
      // What is no attempt will be none at the next try, and what was stopped stays so.
      if (error !== thrown && GovernanceError.isInstance(error) && !error.retryable) {
        throw unrecoverable(error.code, error.message)
      }
      throw error
    }
  }
}

function triggerOf<Job extends GovernedJob>(job: Job, options: GovernedProcessorOptions<Job>): Trigger {
  const { agent, action, args = dataOf, resource, context, type } = options
  const about = resource?.(job)
  const shown = context?.(job)
  return {
    agent,
    action: typeof action === 'string' ? action : action(job),
    args: args(job),
    idempotencyKey: keyOf(job),
    ...(about !== undefined && { resource: about }),
    ...(shown !== undefined && { context: shown }),
    ...(type !== undefined && { type }),
  }
}

/** A job that ran before has the result that it had; one that failed then is over. */
function replay({ outcome }: ReplayedResult): JsonValue {
  if (outcome.status === 'succeeded') return outcome.value
  throw unrecoverable('ALREADY_EXECUTED', `The job ran before and failed: ${outcome.message}`)
}

/** Puts a job off that waits, and ends one that will never run; both by what BullMQ is thrown. */
async function putOff(
  job: GovernedJob,
  {
    token,
    decision,
    again,
    parked,
  }: {
    readonly token: string | undefined
    readonly decision: WithheldResult['decision']
    readonly again: Required<LookAgain>
    readonly parked: ParkedJobs
  },
): Promise<never> {
  const looks = Math.max(0, job.attemptsStarted - job.attemptsMade - 1)
  const now = Date.now()
  const next = nextLook({ decision, looks, now, again })
  if (next.result === 'never') throw unrecoverable(next.code, decision.reason)
  if (looks === 0) await job.log?.(`${codeOf(decision)}: ${decision.reason}`)
  await job.moveToDelayed(now + next.afterMs, token)
  if (next.proposal !== null) parked.wakeWhenDecided(next.proposal, job)
  throw named('DelayedError', new Error(`${codeOf(decision)}: ${decision.reason}`))
}

function codeOf(decision: WithheldResult['decision']): ErrorCode {
  return 'code' in decision ? decision.code : 'SUPERVISOR_REQUIRED'
}

/** BullMQ tells its errors by their names, so that they need not be of the same copy of it. */
function named(name: string, error: Error): Error {
  return Object.assign(error, { name })
}

function unrecoverable(code: ErrorCode, message: string): Error {
  const cause = new GovernanceError(code, { message })
  return named('UnrecoverableError', new Error(`${code}: ${cause.message}`, { cause }))
}

const CONTROL_FLOW: ReadonlySet<string> = new Set([
  'DelayedError',
  'WaitingError',
  'WaitingChildrenError',
  'RateLimitError',
])

/** A processor that puts its own job off is not through with it: the same job runs again. */
function isControlFlow(error: unknown): boolean {
  return error instanceof Error && CONTROL_FLOW.has(error.name)
}

function settleLookAgain({ firstMs = FIRST_MS, mostMs = MOST_MS }: LookAgain = {}): Required<LookAgain> {
  for (const [name, value] of Object.entries({ firstMs, mostMs })) {
    if (Number.isInteger(value) && value >= LEAST_MS && value <= 86_400_000) continue
    throw new GovernanceError('OPTION_INVALID', {
      message: `governedProcessor: option "lookAgain.${name}" must be a whole number from ${LEAST_MS} to 86,400,000.`,
    })
  }
  return { firstMs, mostMs }
}
