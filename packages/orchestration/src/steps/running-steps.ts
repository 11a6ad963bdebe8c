import { GovernanceError } from '@preceptor/client'
import type { RunningSteps } from '../ports/engine-ports.ts'

interface Running {
  readonly owner: string
  readonly step: string
  readonly controller: AbortController
}

/** Makes the list of the steps that run in this process. */
export function createRunningSteps(): RunningSteps {
  const running = new Set<Running>()
  return {
    add({ kind, id }, step, controller) {
      const entry = { owner: `${kind}:${id}`, step, controller }
      running.add(entry)
      return () => void running.delete(entry)
    },
    abort({ kind, id }, steps) {
      for (const { owner, step, controller } of running) {
        if (owner !== `${kind}:${id}` || steps?.includes(step) === false) continue
        controller.abort(new GovernanceError('RUN_ABORTED', { message: 'The run of the workflow was cancelled.' }))
      }
    },
  }
}
