import { GovernanceError, type JsonObject } from '@preceptor/client'
import { comparePolicies, type PolicyChange, type PolicyDocument, readPolicyDocument } from '@preceptor/core'

/**
 * What a policy changes of the one that a server holds.
 *
 * @throws GovernanceError `POLICY_INVALID` where that is one of a newer release.
 */
export function changesFrom(stored: JsonObject, document: PolicyDocument): readonly PolicyChange[] {
  const read = readPolicyDocument(stored)
  if (read.document !== null) return comparePolicies(read.document, document)
  throw new GovernanceError('POLICY_INVALID', {
    message: 'The policy that is in force has fields that this release does not know.',
    hint: 'Use the command line of the release that the server runs.',
    details: { problems: read.problems.map(({ path, message }) => `${path.join('.')}: ${message}`) },
  })
}
