import type { JsonObject, JsonValue } from '@preceptor/client'
import type { ExpectedStep, WorkflowFailure, WorkflowRun } from '../client/workflows.ts'

/** A run as it is kept. */
export interface StoredRun {
  readonly id: string
  readonly workflow: string
  readonly version: number
  readonly state: WorkflowRun['state']
  readonly input: JsonObject
  readonly output: JsonValue
  readonly failure: WorkflowFailure | null
  /** The step that it failed at. */
  readonly failedAt: string | null
  readonly expected: readonly ExpectedStep[]
  readonly startedBy: string
  readonly schedule: string | null
  readonly createdAt: string
  readonly endedAt: string | null
}

/** Whether a run has not ended. */
export function isOpen({ state }: Pick<StoredRun, 'state'>): boolean {
  return state === 'running' || state === 'waiting'
}

/** How a run ended. */
export type RunEnd =
  | { readonly state: 'completed'; readonly output: JsonValue }
  | { readonly state: 'failed'; readonly failure: WorkflowFailure; readonly failedAt: string }
  | { readonly state: 'cancelled'; readonly failure: WorkflowFailure | null }

/** A run as people see it. */
export function shownRun({ failedAt: _, ...run }: StoredRun): WorkflowRun {
  return run
}
