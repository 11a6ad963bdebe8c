import type { ActionDefinitions, GuardCall } from '@preceptor/client'

/** What a worker of the run is started with. */
export interface WorkerStart {
  readonly databaseUrl: string
  readonly redisUrl: string | null
  readonly queueName: string
  /** File to which each effect is appended. */
  readonly oracle: string
  /** File to which each fault at a fail point is appended before it strikes. */
  readonly struck: string
  /** Share of the passes of a fail point at which there is a fault. */
  readonly strikes: number
  /** An effect takes up to so many milliseconds before it and after it. */
  readonly slowMs: number
}

/** Short leases, so that what was lost shows soon. */
export const SETTINGS = {
  claimLeaseMs: 2_000,
  attachWithinMs: 5_000,
  supervisorLeaseMs: 20_000,
  closeWithinMs: 5_000,
  deadlineMs: 5_000,
} as const

/** Every fourth entry is one that may run twice. */
export const actionOf = (index: number): 'refund.pay' | 'refund.sync' =>
  index % 4 === 3 ? 'refund.sync' : 'refund.pay'

/** The places that the run of an entry passes. */
export const QUEUE_FAILPOINTS = ['queue.after_commit', 'tool.after_response', 'record.before_commit'] as const

/** The place that an entry passes when it is made, in the process that asks for it. */
export const ENQUEUE_FAILPOINT = 'enqueue.after_commit'

/** An entry that ends every process that runs it. */
export const POISON = 'poison'

/** The actions of the run, with their executor. */
export function queueActions(execute: (call: GuardCall) => unknown): ActionDefinitions {
  return {
    'refund.pay': { risk: 'high', execute },
    'refund.sync': { risk: 'high', idempotent: true, execute },
  }
}
