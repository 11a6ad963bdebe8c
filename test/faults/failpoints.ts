import type { GovernorOptions } from '@preceptor/core'

/** Name of any place of the product at which a process can be held up. */
export type AnyFailpoint = Parameters<NonNullable<NonNullable<GovernorOptions['testing']>['failpoint']>>[0]

/** Places that the processes of the rounds do not pass: the queue, reviewers, migrations and workflows have runs of their own. */
type Elsewhere =
  | 'enqueue.after_commit'
  | 'queue.after_commit'
  | 'review.after_answer'
  | 'migration.before_commit'
  | 'workflow.after_claim'
  | 'workflow.before_commit'
  | 'workflow.after_commit'

/** Name of a place at which a process of the rounds can be made to die, throw, wait or lose its connections. */
export type FailpointName = Exclude<AnyFailpoint, Elsewhere>

/** What a process does more of while a fail point of that flow is armed in it. */
export type Flow =
  | 'approval'
  | 'claim'
  | 'consequence'
  | 'demotion'
  | 'once'
  | 'refill'
  /** The same attempts from every process. */
  | 'shared'
  /** The same long attempts from every process, as they come up. */
  | 'contested'
  /** Agents that are told to halt, and go on trying. */
  | 'halt'
  /** The same, each agent by itself: what stops all of them hides what one does. */
  | 'pause'
  /** Reads of such agents, which go by what a process remembers. */
  | 'halted-read'
  /** Whatever has to be asked for, and who decides on it. */
  | 'asked'
  /** Whoever subscribed is told. */
  | 'deliver'
  /** What may be done only so often. */
  | 'limit'
  /** The same requests from every process. */
  | 'request'
  /** Runs that outlast their claim unless it is renewed. */
  | 'slow'
  /** Runs that people watch, and interfere with. */
  | 'supervise'

/** Every such fail point of the product with a flow that passes it: a new one is one line here, and the compiler asks for it. */
export const FAILPOINTS = {
  'decide.before_commit': 'consequence',
  'decide.after_commit': 'consequence',
  'claim.before_commit': 'claim',
  'claim.after_commit': 'claim',
  'approve.before_commit': 'approval',
  'approve.after_commit': 'approval',
  'tool.after_send': 'claim',
  'tool.after_response': 'claim',
  'record.before_commit': 'claim',
  'record.after_commit': 'claim',
  'demote.after_commit_before_hint': 'demotion',
  'cache.fill_after_read': 'refill',
  'seal.before_commit': 'consequence',
  'reply.before_send': 'once',
  'supervisor.lease_lost': 'supervise',
  'step.after_commit': 'supervise',
  'pause.before_commit': 'supervise',
  'delivery.after_commit': 'deliver',
  'delivery.after_send': 'deliver',
} as const satisfies Record<FailpointName, Flow>

/** The names of the table. */
export const FAILPOINT_NAMES = Object.keys(FAILPOINTS) as FailpointName[]

/** What happens at a fail point: the process dies, gets an error, waits, or finds its connections gone. */
export type FailpointAction = 'kill' | 'throw' | 'park' | 'drop'

/** One fault that a process is told to have. */
export interface Order {
  readonly failpoint: FailpointName
  readonly action: FailpointAction
  /** How often the place is passed before. */
  readonly skip: number
  /** How long a parked process waits. */
  readonly parkMs: number
}
