import type { ModelAccess } from '../open-model.ts'

/** What the director tells the process of the control plane. */
export interface PlaneOrder {
  readonly dataFolder: string
}

/** What the process of the control plane answers. */
export interface PlaneReady {
  readonly port: number
  readonly keys: { readonly agent: string; readonly supervisor: string }
}

/** What the director tells the process of the agent. */
export interface AgentOrder {
  /** Address of the control plane. */
  readonly plane: string
  readonly key: string
  readonly model: ModelAccess
  readonly task: string
  /** Address of the bank. */
  readonly bank: string
}

/** How a run of the agent ended. */
export type AgentSaid =
  | { readonly ended: 'done'; readonly answer: string }
  | { readonly ended: 'stopped'; readonly code: string; readonly message: string }
