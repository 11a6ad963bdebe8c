import type { ModelAccess } from '../open-model.ts'

/** A student of the example. */
export interface Student {
  readonly id: string
  readonly displayName: string
  readonly model: ModelAccess
}

/** What the director tells the process of the students first. */
export interface AgentOrder {
  readonly students: readonly Student[]
  /** Whoever asks the students must bring it. */
  readonly secret: string
  /** File to which every refund is appended. */
  readonly effects: string
}

/** Where the students are asked. */
export interface AgentReady {
  readonly port: number
}

/** What the director tells the process of the students once the control plane is there. */
export interface PlaneAccess {
  readonly url: string
  readonly key: string
}

/** What the director tells the process of the control plane. */
export interface PlaneOrder {
  readonly dataFolder: string
  readonly students: readonly Pick<Student, 'id' | 'displayName'>[]
  /** Address of the process of the students. */
  readonly agents: string
  readonly secret: string
}

/** What the process of the control plane answers. */
export interface PlaneReady {
  readonly port: number
  readonly keys: { readonly agents: string; readonly supervisor: string; readonly administrator: string }
}
