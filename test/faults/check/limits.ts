import type { History } from '../history.ts'
import { LIMITED } from '../workload.ts'
import type { DecisionRow } from './decision-rows.ts'
import { type Findings, groupBy, groupOf } from './verdict.ts'

const DAY_MS = 86_400_000

/** What is limited happened no more often than that in the window in which it was decided. */
export function checkLimits(history: History, decisions: readonly DecisionRow[], findings: Findings): void {
  const byId = groupBy(decisions, ({ row, id }) => [row.workspace, id])
  const limited = history.effects.filter(({ action }) => action === LIMITED.action)
  const windowOf = (workspace: string, decision: string): number => {
    const [row] = groupOf(byId, workspace, decision)
    return Math.floor((row?.decidedAt ?? 0) / DAY_MS)
  }
  const groups = groupBy(limited, ({ workspace, agent, decision }) => [workspace, agent, windowOf(workspace, decision)])
  for (const group of groups.values()) {
    if (group.length <= LIMITED.most) continue
    const what = `What may be done ${LIMITED.most} times was done ${group.length} times.`
    findings.violate('limit-exceeded', what, { group })
  }
}
