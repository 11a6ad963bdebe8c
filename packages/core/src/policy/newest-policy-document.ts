import type { Tx } from '../database/transaction.ts'
import { parsePolicy } from './parse-policy.ts'
import type { PolicyDocument } from './policy-document.ts'
import { newestPolicy } from './store.ts'

/** The policy document that is in force; an empty one when the workspace has written none. */
export async function newestPolicyDocument(tx: Tx): Promise<PolicyDocument> {
  const newest = await newestPolicy(tx)
  return newest === undefined ? {} : parsePolicy(newest.document)
}
