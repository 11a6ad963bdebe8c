import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { listUnadvised, type Unadvised } from '../proposals/advice-store.ts'
import { advise } from './advise-proposal.ts'
import type { MetaAgentDependencies } from './meta-agent-dependencies.ts'
import { readReviewFacts } from './review-facts.ts'

/** Name under which the meta-agent stands in records where nobody asked it. */
const ASKED_BY = 'system:meta-agent'
/** How often it is asked about one version while the model cannot be reached. */
const MOST_ATTEMPTS = 3
const WAIT_MS = 10_000

/**
 * Advises on the pending proposals of this process that have no advice yet, at most `limit` at once; gives how many. Once
 * for each version: only an outage of the model is tried again, three times in all. It does nothing unless the option
 * `metaAgent.advise` is `always`.
 *
 * @throws GovernanceError the code of a fault.
 */
export async function advisePending(dependencies: MetaAgentDependencies, limit: number): Promise<number> {
  if (dependencies.advise !== 'always') return 0
  const { database, clock } = dependencies.training.context
  let total = 0
  for (const workspace of dependencies.workspaces) {
    const query = { at: isoTime(clock.now()), mostAttempts: MOST_ATTEMPTS, waitMs: WAIT_MS, limit }
    const due = await inWorkspace(database, { workspace }, (tx) => listUnadvised(tx, query))
    const advised = await Promise.all(due.map((one) => adviseOn(dependencies, workspace, one)))
    total += advised.filter(Boolean).length
  }
  return total
}

/** False when the proposal moved on, or another process was faster. What fails keeps no other back. */
async function adviseOn(
  dependencies: MetaAgentDependencies,
  workspace: string,
  { id, version, attempt }: Unadvised,
): Promise<boolean> {
  const { database, report } = dependencies.training.context
  try {
    const facts = await inWorkspace(database, { workspace }, (tx) => readReviewFacts(tx, id))
    if (facts.proposal.version !== version) return false
    return (await advise(dependencies, { workspace, facts, askedBy: ASKED_BY, attempt })) !== null
  } catch (error) {
    report({ level: 'warn', code: 'NOTICE', message: `There is no advice on ${id} yet: ${String(error)}` })
    return false
  }
}
