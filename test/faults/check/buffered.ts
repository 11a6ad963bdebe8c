import type { History } from '../history.ts'
import { SAFE } from '../workload.ts'
import type { DecisionRow } from './decision-rows.ts'
import { wasDisturbed } from './disturbed.ts'

// What stands in the write buffer is committed after 10 ms and the time that a commit takes.
const BUFFERED_MS = 10
const LEAST_COMMIT_MS = 100
// A flush that hangs is given up after two seconds, and tried again within one more.
const STALLED_MS = 3_500

/** Something that is known of a safe run of an autonomous agent. */
export interface BufferedFact {
  readonly workspace: string
  readonly process: string
  readonly at: number
}

/**
 * Makes the question whether the row of a safe run of an autonomous agent may be missing: only when its process was
 * killed before the buffer could be committed, and nothing that was handed over later was.
 */
export function mayBeLost(history: History, decisions: readonly DecisionRow[]): (fact: BufferedFact) => boolean {
  const kept = new Set(decisions.map(({ id }) => id))
  const safe = history.effects.filter(({ action }) => SAFE.has(action))
  const window = BUFFERED_MS + slowestCommit(decisions)
  return ({ workspace, process, at }) => {
    const end = history.ends.find((one) => one.process === process && one.how !== 'closed' && one.at >= at)
    if (end === undefined) return false
    const overtaken = safe.some(
      (effect) =>
        effect.process === process &&
        effect.workspace === workspace &&
        effect.ranAt > at &&
        effect.committed === null &&
        kept.has(effect.decision),
    )
    if (overtaken) return false
    const left = end.at - at - frozenFor(history, process, { from: at, to: end.at })
    return (
      left <= window || (left <= STALLED_MS && wasDisturbed(history, process, { from: at - STALLED_MS, to: end.at }))
    )
  }
}

/** For how long a process stood still, in which its buffer could not be committed either. */
function frozenFor(
  { disturbances }: History,
  process: string,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const frozen = disturbances.filter((one) => one.process === process && one.kind === 'freeze')
  return frozen.reduce((sum, one) => sum + Math.max(0, Math.min(to, one.to) - Math.max(from, one.from)), 0)
}

/** How long the rows of the buffer took on this machine, under this load. */
function slowestCommit(decisions: readonly DecisionRow[]): number {
  const lags = decisions.flatMap(({ row, risk, maturity, route, decidedAt }) => {
    if (risk !== 'safe' || maturity !== 'autonomous' || route !== 'execution' || row.committedAt === null) return []
    const lag = row.committedAt - decidedAt
    // More is a flush that hung.
    return lag < STALLED_MS ? [lag] : []
  })
  return Math.max(LEAST_COMMIT_MS, ...lags)
}
