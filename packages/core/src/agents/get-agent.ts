import { type Agent, GovernanceError } from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import { findAgent } from './store.ts'

/** @throws GovernanceError `NOT_FOUND`, also for an agent of another workspace. */
export async function getAgent(tx: Tx, id: string): Promise<Agent> {
  const agent = await findAgent(tx, id)
  if (agent === undefined) throw agentNotFound(id)
  return agent
}

/** The error for an agent that does not exist in the workspace. */
export function agentNotFound(id: string): GovernanceError {
  return new GovernanceError('NOT_FOUND', {
    message: `There is no agent ${JSON.stringify(id.slice(0, 140))} in this workspace.`,
  })
}
