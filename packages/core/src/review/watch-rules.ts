import type { SupervisionSession } from '@preceptor/client'
import { getAgent } from '../agents/get-agent.ts'
import { listAgents } from '../agents/store.ts'
import type { Tx } from '../database/transaction.ts'
import { isHeld, isOver } from '../supervision/held-session.ts'
import type { StepRow } from '../supervision/step-store.ts'
import { LAPSED } from '../supervision/store.ts'
import { isForReviewers } from './is-for-reviewers.ts'
import type { KnownCandidate } from './read-candidates.ts'
import type { Reviewed } from './select-reviewer.ts'

/** The name under which an agent holds a session. */
export function holderName(agent: string): string {
  return `agent:${agent}`
}

/** Whether an agent may come to watch a session as it stands: nobody does, and nobody paused it. */
export function isFree(session: SupervisionSession, now: number): boolean {
  if (isOver(session) || isHeld(session, now)) return false
  return session.pausedBy === null || session.pausedBy === LAPSED
}

/** Whether an agent watches a session now. */
export function isWatchedBy(session: SupervisionSession | undefined, agent: string, now: number): boolean {
  return session !== undefined && !isOver(session) && session.supervisorId === holderName(agent) && isHeld(session, now)
}

/** Whether a reviewer that is free to be chosen watches at all: by a model, and with a record that is good enough. */
export function mayWatch({ bound, standing }: KnownCandidate, steps: readonly Pick<StepRow, 'risk'>[]): boolean {
  const { counts } = standing.record
  // The rules go by what people decided on proposals, and know nothing of a run.
  return bound.model !== null && steps.every(({ risk }) => isForReviewers(risk) && counts[risk])
}

/** Who may not watch these steps of a run, and what who does must know. */
export async function watchedOf(tx: Tx, agent: string, steps: readonly StepRow[]): Promise<Reviewed> {
  const askers = steps.flatMap(({ askedBy }) => (askedBy.startsWith('agent:') ? askedBy.slice('agent:'.length) : []))
  const [first] = steps
  const delegation = [...new Set(steps.flatMap((step) => step.delegation))]
  return {
    agents: [agent, ...delegation, ...askers],
    proposedBy: first?.askedBy ?? '',
    agent: await getAgent(tx, agent),
    delegation: await listAgents(tx, { only: delegation, after: '', limit: delegation.length }),
    capability: first?.capability ?? '',
  }
}
