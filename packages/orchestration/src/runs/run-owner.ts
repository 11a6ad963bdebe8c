import type { EnginePorts, StepOwnerPort } from '../ports/engine-ports.ts'
import { applyWalk, noteState, walkInput } from './apply-walk.ts'
import type { PlanCache } from './plan-cache.ts'
import { isOpen, type StoredRun } from './run.ts'
import { findRun, holdRun } from './run-store.ts'
import { walkFromStep } from './walk.ts'

const MOST_KEPT = 1_000

/** Runs of workflows, as what steps go on in. */
export function createRunOwner(ports: () => EnginePorts, plans: PlanCache): StepOwnerPort {
  // Of which workflow a run is never changes.
  const known = new Map<string, Pick<StoredRun, 'workflow'>>()
  const note = (run: StoredRun | undefined): StoredRun | undefined => {
    if (run === undefined) return undefined
    known.set(run.id, { workflow: run.workflow })
    for (const oldest of known.keys()) {
      if (known.size <= MOST_KEPT) break
      known.delete(oldest)
    }
    return run
  }
  return {
    asksOfUnknown: true,
    async hold(tx, id) {
      const run = note(await holdRun(tx, id))
      return run !== undefined && isOpen(run)
    },
    async describe(tx, id) {
      const run = known.get(id) ?? note(await findRun(tx, id))
      return run === undefined ? {} : { workflow: run.workflow }
    },
    async moved(tx, id) {
      const run = await findRun(tx, id)
      if (run !== undefined) await noteState(ports(), tx, run)
    },
    async ended(tx, step) {
      const run = await findRun(tx, step.owner.id)
      if (run === undefined || !isOpen(run)) return []
      const plan = await plans.get(tx, run)
      const on = await walkInput(ports(), tx, { run, plan })
      return applyWalk(ports(), tx, { run, result: walkFromStep(on, step.id) })
    },
  }
}
