import { GovernanceError } from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import { parseAgentFacts } from './parse-facts.ts'
import { stopFor } from './stop-for.ts'
import { readFacts } from './store.ts'

const BY_LIFECYCLE = { paused: 'AGENT_PAUSED', stopped: 'AGENT_STOPPED', retired: 'AGENT_RETIRED' } as const

/**
 * Refuses what an agent does by its own credential while it may attempt nothing: the rules of the gate before any action. A
 * stop that is set meanwhile waits until the transaction ends.
 *
 * @throws GovernanceError `STOPPED`, `AGENT_UNKNOWN`, `AGENT_PAUSED`, `AGENT_STOPPED`, `AGENT_RETIRED`, `FACT_INVALID`, or the
 * code of a fault.
 */
export async function assertAgentActs(tx: Tx, agent: string): Promise<void> {
  const { agents, stops } = await readFacts(tx, { agents: [agent], hold: true })
  if (stopFor(stops, [agent]) !== undefined) throw new GovernanceError('STOPPED')
  const [row] = agents
  if (row === undefined) throw new GovernanceError('AGENT_UNKNOWN')
  const { lifecycle } = parseAgentFacts(row)
  if (lifecycle !== 'active') throw new GovernanceError(BY_LIFECYCLE[lifecycle])
}
