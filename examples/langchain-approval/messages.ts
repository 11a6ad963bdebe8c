import type { ModelAccess } from '../open-model.ts'

/** What the director tells the process of the control plane. */
export interface PlaneOrder {
  readonly dataFolder: string
  /** 0 takes any port that is free. */
  readonly port: number
  /** The first start makes the agent, the person and their keys. */
  readonly isFirst: boolean
}

/** What the process of the control plane answers. */
export interface PlaneReady {
  readonly port: number
  readonly keys: { readonly agent: string; readonly person: string } | null
}

/** What the director tells the process of the agent. */
export interface AgentOrder {
  /** Address of the control plane. */
  readonly plane: string
  readonly key: string
  readonly model: ModelAccess
  /** File in which the thread is kept. */
  readonly thread: string
  /** File to which every refund is appended. */
  readonly effects: string
  readonly question: string
}

/** What the process of the agent says: it waits for a person, or it is done. */
export type AgentSaid =
  | { readonly state: 'paused'; readonly proposal: string; readonly args: object }
  | { readonly state: 'done'; readonly answer: string }
