import { RUN_STATES, type WorkflowRun } from '@preceptor/orchestration/client'

/** What the address of the list says; what is left out has its default. */
export interface WorkflowsSearch {
  /** Default: the workflows themselves. */
  readonly show?: 'runs'
  /** State of the runs; default: all. */
  readonly state?: WorkflowRun['state']
}

/** Reads the address of the list; what it cannot mean is left out. */
export function readWorkflowsSearch({ show, state }: Readonly<Record<string, unknown>>): WorkflowsSearch {
  const known = RUN_STATES.find((one) => one === state)
  return {
    ...(show === 'runs' ? { show } : {}),
    ...(show === 'runs' && known !== undefined ? { state: known } : {}),
  }
}

/** What the address of a workflow says: the versions that are compared. */
export interface VersionsSearch {
  readonly from?: number
  readonly to?: number
}

/** Reads the address of a workflow; what it cannot mean is left out. */
export function readVersionsSearch({ from, to }: Readonly<Record<string, unknown>>): VersionsSearch {
  return {
    ...(isVersion(from) ? { from } : {}),
    ...(isVersion(to) ? { to } : {}),
  }
}

function isVersion(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0
}
