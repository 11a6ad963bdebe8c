import type { Tx } from '../database/transaction.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { createPolicy, type Policy } from '../policy/policy.ts'

/** How agents of the workspace are promoted now. */
export async function promotionPolicyOf(tx: Tx): Promise<Policy['promotion']> {
  return createPolicy(0, await newestPolicyDocument(tx)).promotion
}
