import { GovernanceError } from '@preceptor/client'
import type { Tx } from '@preceptor/core/plugin'
import { planOf, type WorkflowPlan } from '../definitions/graph.ts'
import { findVersion } from '../definitions/store.ts'

const MOST_KEPT = 200

/** Plans of versions of workflows, which never change. */
export interface PlanCache {
  /** @throws GovernanceError `FACT_INVALID` for a version that is not there. */
  get(tx: Tx, version: { readonly workflow: string; readonly version: number }): Promise<WorkflowPlan>
}

/** Makes a cache of the plans that were used last. */
export function createPlanCache(): PlanCache {
  const kept = new Map<string, WorkflowPlan>()
  return {
    async get(tx, { workflow, version }) {
      const key = `${tx.workspace} ${workflow} ${version}`
      const plan = kept.get(key) ?? (await load(tx, { workflow, version }))
      kept.delete(key)
      kept.set(key, plan)
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_KEPT) break
        kept.delete(oldest)
      }
      return plan
    },
  }
}

async function load(
  tx: Tx,
  { workflow, version }: { readonly workflow: string; readonly version: number },
): Promise<WorkflowPlan> {
  const found = await findVersion(tx, workflow, version)
  if (found !== undefined) return planOf(found.definition)
  throw new GovernanceError('FACT_INVALID', { message: `There is no version ${version} of the workflow ${workflow}.` })
}
