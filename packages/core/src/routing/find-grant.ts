import type { GrantUse } from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import type { GrantSearch } from './consequences.ts'
import type { Gate } from './gate.ts'

/**
 * The grant under which an attempt runs that one approval would let run. What a person sets off, and what one agent does
 * for another, is approved by itself.
 */
export async function findGrant(gate: Gate, tx: Tx, search: GrantSearch): Promise<GrantUse | undefined> {
  const { attempt, ruling, risk, action, policy } = search.ruled
  const { trigger, actor } = attempt
  // Whoever asks wants to be answered each time.
  if (action.asksPeople) return undefined
  if (ruling.route !== 'proposal' || ruling.requiredApprovals !== 1 || risk === 'critical') return undefined
  if (actor.source === 'manual' || (trigger.delegation ?? []).length > 0) return undefined
  // Who approves what has to wait can still take it back; a grant would run it at once.
  if (policy.waitFor(action.name) > 0) return undefined
  return gate.consequences.findGrant(tx, search)
}
