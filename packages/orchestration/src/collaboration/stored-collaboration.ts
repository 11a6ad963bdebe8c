import type { JsonObject } from '@preceptor/client'
import type { Collaboration, HierarchicalSettings, ParallelSettings } from '../client/collaboration.ts'

/** What a vote is opened with, found valid. */
export interface ConsensusDraft {
  readonly topic: string
  readonly options: readonly string[]
  /** Basis points. */
  readonly threshold: number
  /** Null: more than half of the electors. */
  readonly quorum: number | null
  readonly deadlineSeconds: number
  readonly data: JsonObject
}

/** How the mode of a collaboration works; each part is there for its own mode only. */
export interface CollaborationSettings {
  readonly parallel?: Required<ParallelSettings>
  readonly hierarchical?: Required<HierarchicalSettings>
  readonly consensus?: ConsensusDraft
}

/** A collaboration as it is stored. */
export interface StoredCollaboration extends Omit<Collaboration, 'state'> {
  readonly state: Exclude<Collaboration['state'], 'waiting'>
  /** Whether a member is at work. */
  readonly isBusy: boolean
  readonly settings: CollaborationSettings
  /** How many messages there are. */
  readonly messages: number
}

/** A collaboration as it is shown: where it runs and nobody is at work, people are waited for. */
export function shownCollaboration({
  isBusy,
  settings: _,
  messages: __,
  ...collaboration
}: StoredCollaboration): Collaboration {
  return collaboration.state === 'running' && !isBusy ? { ...collaboration, state: 'waiting' } : collaboration
}
