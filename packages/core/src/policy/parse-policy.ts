import { GovernanceError, type JsonObject } from '@preceptor/client'
import type { PolicyDocument } from './policy-document.ts'
import { readPolicyDocument } from './policy-problems.ts'

/**
 * Reads a policy document; whatever is not wholly understood is refused.
 *
 * @throws GovernanceError `POLICY_INVALID` naming the fields.
 */
export function parsePolicy(document: unknown): PolicyDocument {
  const reading = readPolicyDocument(document)
  if (reading.document !== null) return reading.document
  const problems = reading.problems.map(({ path, message }) => `${path.join('.') || 'document'}: ${message}`)
  throw new GovernanceError('POLICY_INVALID', {
    message: `The policy is not valid: ${problems.join('; ')}.`,
    details: { problems },
  })
}

/** The document as JSON, for storage. */
export function policyJson(document: PolicyDocument): JsonObject {
  return JSON.parse(JSON.stringify(document)) as JsonObject
}

/**
 * A policy written in TypeScript: checked by the compiler and, when it runs, as the gate checks it. A script of yours
 * prints it as JSON, which `preceptor policy` takes as a file; the command line runs no code of yours.
 *
 * @throws GovernanceError `POLICY_INVALID` naming the fields.
 * @example
 * ```ts
 * import { definePolicy } from '@preceptor/core'
 *
 * const policy = definePolicy({ actions: { 'refund.create': { ceiling: 'supervised', when: 'args.cents <= 10000' } } })
 * console.log(JSON.stringify(policy, null, 2))
 * ```
 */
export function definePolicy(document: PolicyDocument): PolicyDocument {
  return parsePolicy(document)
}
