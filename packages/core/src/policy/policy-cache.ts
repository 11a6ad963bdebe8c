import { GovernanceError } from '@preceptor/client'
import type { Tx } from '../database/transaction.ts'
import { parsePolicy } from './parse-policy.ts'
import { BUILT_IN_POLICY, createPolicy, type Policy } from './policy.ts'
import { findPolicy } from './store.ts'

/** Ready-made versions of policies: a version never changes, so it is read and compiled once. */
export interface PolicyCache {
  /** @throws GovernanceError `FACT_INVALID` when the stored document is missing or not valid. */
  get(tx: Tx, version: number): Promise<Policy>
}

const KEPT = 200

/** Makes an empty cache, bounded so that many workspaces do not fill the memory. */
export function createPolicyCache(): PolicyCache {
  const policies = new Map<string, Policy>()
  return {
    async get(tx, version) {
      if (version === 0) return BUILT_IN_POLICY
      const key = `${tx.workspace} ${version}`
      const known = policies.get(key)
      if (known !== undefined) return known
      const policy = await readPolicy(tx, version)
      const oldest = policies.keys().next().value
      if (policies.size >= KEPT && oldest !== undefined) policies.delete(oldest)
      policies.set(key, policy)
      return policy
    },
  }
}

async function readPolicy(tx: Tx, version: number): Promise<Policy> {
  const stored = await findPolicy(tx, version)
  if (stored === undefined)
    throw new GovernanceError('FACT_INVALID', { message: `Policy version ${version} is missing.` })
  try {
    return createPolicy(version, parsePolicy(stored.document))
  } catch (cause) {
    throw new GovernanceError('FACT_INVALID', { message: `The stored policy version ${version} is not valid.`, cause })
  }
}
