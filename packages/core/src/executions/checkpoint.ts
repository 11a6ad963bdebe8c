import { GovernanceError } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { agentsOf } from '../routing/attempt.ts'
import type { Claim } from '../routing/consequences.ts'
import type { PermittedCall } from '../routing/guard.ts'
import { parseAgentFacts } from '../routing/parse-facts.ts'
import { stopFor } from '../routing/stop-for.ts'
import { readFacts } from '../routing/store.ts'
import { hasChanged } from './has-changed.ts'
import { renewExecution } from './store.ts'

/** Asks whether a run may go on, and gives what supervisors said to it; throws when it may not. */
export type Checkpoint = (call: PermittedCall, signal: AbortSignal) => Promise<readonly string[]>

/** What a checkpoint stands on. */
export interface CheckpointDependencies {
  readonly context: GovernorContext
  /** Waits while the session of the call is paused or unwatched; throws when the run may not go on. */
  readonly pass: (call: PermittedCall, sessionId: string, signal: AbortSignal) => Promise<readonly string[]>
}

const CODES = { paused: 'AGENT_PAUSED', stopped: 'AGENT_STOPPED', retired: 'AGENT_RETIRED' } as const

/** Makes the checkpoint: stops, the agent, the claim and the watch, all as they stand now. */
export function createCheckpoint({ context, pass }: CheckpointDependencies): Checkpoint {
  return async (call, signal) => {
    const { workspace } = call.actor
    const options = { workspace, deadlineMs: context.settings.deadlineMs, named: true }
    await inWorkspace(context.database, options, (tx) => assertMayGoOn(context, tx, call))
    return call.sessionId === null ? [] : pass(call, call.sessionId, signal)
  }
}

/** What a checkpoint looks at of a run. */
export interface GoingRun {
  readonly trigger: Pick<PermittedCall['trigger'], 'agent' | 'delegation'>
  readonly claim: Pick<Claim, 'executionId' | 'fence' | 'epochs'> | null
}

/** Renews the claim of a run that may go on; throws when it may not. */
export async function assertMayGoOn(context: GovernorContext, tx: Tx, { trigger, claim }: GoingRun): Promise<void> {
  const agents = agentsOf(trigger)
  const facts = await readFacts(tx, { agents, hold: true })
  if (stopFor(facts.stops, agents) !== undefined) throw new GovernanceError('STOPPED')
  const known = facts.agents.map(parseAgentFacts)
  for (const { lifecycle } of known) if (lifecycle !== 'active') throw new GovernanceError(CODES[lifecycle])
  if (claim === null) return
  if (hasChanged(claim.epochs, known)) throw new GovernanceError('AGENT_CHANGED')
  const leaseExpiresAt = isoTime(context.clock.now() + context.settings.claimLeaseMs)
  if (!(await renewExecution(tx, claim, leaseExpiresAt))) throw new GovernanceError('EXECUTION_FENCED')
}
