import type { Asker } from '@preceptor/core/plugin'
import type { WorkflowSchedule } from '../client/workflows.ts'

/** A schedule as it is kept. */
export interface StoredSchedule extends WorkflowSchedule {
  /** Who made it, in whose name it acts. */
  readonly maker: Asker
}

/** A schedule as people see it. */
export function shownSchedule({ maker: _, ...schedule }: StoredSchedule): WorkflowSchedule {
  return schedule
}
