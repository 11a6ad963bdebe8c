import type { AgentEpoch } from '../routing/consequences.ts'
import type { AgentFacts } from '../routing/facts.ts'

/** Whether an agent was demoted, moved or changed since: what one does for others rests on them as much as on itself. */
export function hasChanged(before: readonly AgentEpoch[], now: readonly AgentFacts[]): boolean {
  const epochs = new Map(now.map(({ id, epoch }) => [id, epoch]))
  return before.some(({ agent, epoch }) => epochs.get(agent) !== epoch)
}
