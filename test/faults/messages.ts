import type { FailpointName, Flow, Order } from './failpoints.ts'
import type { RoundPlan } from './plan.ts'

/** What a process is started with. */
export interface ProcessOptions {
  /** Unique in the run. */
  readonly name: string
  readonly seed: number
}

/** Opens a governor in the workspaces of a round and starts to work. */
export interface OpenMessage {
  readonly type: 'open'
  readonly round: RoundPlan
  readonly slot: number
  /** Folder of the round, for the Oracle and the histories. */
  readonly folder: string
  /** Through the proxy of the process. */
  readonly databaseUrl: string
  /** Past the proxy: for what belongs to the test. */
  readonly directUrl: string
  readonly redisUrl: string | null
  /** Where whoever subscribed listens. */
  readonly receiverUrl: string
}

/** What the controller tells a process. */
export type ToProcess =
  | OpenMessage
  | { readonly type: 'arm'; readonly order: Order; readonly flow: Flow }
  | { readonly type: 'go'; readonly token: number }
  | { readonly type: 'clock'; readonly offsetMs: number }
  | { readonly type: 'finish' }

/** What a process tells the controller. */
export type FromProcess =
  | { readonly type: 'ready' }
  | { readonly type: 'opened' }
  | {
      readonly type: 'hit'
      readonly failpoint: FailpointName
      readonly action: Order['action']
      readonly token: number
      readonly parkMs: number
    }
  | { readonly type: 'finished' }
