import { GovernanceError } from '@preceptor/client'
import { z } from 'zod'
import { parseInput } from '../access/parse-input.ts'
import { agentNotFound } from '../agents/get-agent.ts'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import type { Policy } from '../policy/policy.ts'
import { openRecord } from './open-record.ts'
import { WHOLE_AGENT } from './record-capability.ts'
import { lockRecord, type MaturityRecord } from './store.ts'

const name = z.string().min(1).max(128).optional()

/** @throws GovernanceError `INPUT_INVALID` for a capability that is none. */
export function parseCapability(value: unknown): string | undefined {
  return parseInput(name, value, 'capability')
}

/** What a person changes the maturity of. */
export interface AskedRecord {
  readonly agent: string
  /** As it was asked for; undefined stands for the whole agent. */
  readonly capability: string | undefined
  readonly actor: string
  readonly policy: Policy['promotion']
}

/**
 * Reads the record that a person means and holds it: the one that the policy of trust asks for, so that nobody changes one
 * that decides nothing.
 *
 * @throws GovernanceError `INPUT_INVALID` when it is not in force, `NOT_FOUND`.
 */
export async function lockAsked(context: GovernorContext, tx: Tx, asked: AskedRecord): Promise<MaturityRecord> {
  const { agent, capability = WHOLE_AGENT, actor, policy } = asked
  if ((await lockRecord(tx, { agent, capability: WHOLE_AGENT })) === undefined) throw agentNotFound(agent)
  const isWhole = capability === WHOLE_AGENT
  if (isWhole !== (policy.trust === 'agent')) {
    throw new GovernanceError('INPUT_INVALID', {
      message: isWhole
        ? 'capability: under the policy of trust "capability" maturity is that of one capability.'
        : 'capability: under the policy of trust "agent" maturity is that of the whole agent.',
      hint: isWhole ? 'Name the capability.' : 'Leave the capability out.',
      details: { fields: ['capability'] },
    })
  }
  const record = await openRecord(context, tx, { agent, capability, actor })
  if (record === undefined) throw agentNotFound(agent)
  return record
}
