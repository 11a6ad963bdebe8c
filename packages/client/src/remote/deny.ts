import type { ErrorCode } from '../errors/error-codes.ts'
import { GovernanceError } from '../errors/governance-error.ts'
import type { Assessment, DecisionFacts, DeniedDecision } from '../port/decision.ts'
import type { Trigger } from '../port/trigger.ts'
import type { TriggerSource } from '../port/vocabulary.ts'

/** Mistakes of the host, which are thrown; everything else denies. */
const MISUSE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INPUT_INVALID',
  'BODY_TOO_LARGE',
  'BODY_TOO_DEEP',
  'BODY_NOT_JSON',
])

/** The attempt that is denied, and who makes it. */
export interface Denied {
  readonly trigger: Trigger
  readonly source: TriggerSource
}

/** Any error as one with a code: what nobody foresaw is `INTERNAL`, and denies like every other fault. */
export function toFault(error: unknown): GovernanceError {
  return GovernanceError.isInstance(error) ? error : new GovernanceError('INTERNAL', { cause: error })
}

/** @throws the error, where it is a mistake of the host. */
export function assertNoMisuse(fault: GovernanceError): void {
  if (MISUSE.has(fault.code)) throw fault
}

/** The decision that a fault leads to where the gate made none: nothing is known, so nothing is allowed. */
export function denyForFault({ trigger, source }: Denied, fault: GovernanceError): DeniedDecision {
  return {
    id: `dec_${globalThis.crypto.randomUUID()}`,
    agent: trigger.agent,
    action: trigger.action,
    source,
    maturity: null,
    risk: null,
    reason: fault.message,
    warnings: [],
    policyVersion: 0,
    argsHash: null,
    decidedAt: new Date().toISOString(),
    route: 'denied',
    code: fault.code,
  }
}

/** The same, of an attempt that the gate had decided on. */
export function denyDecided(decision: DecisionFacts, fault: GovernanceError): DeniedDecision {
  const { id, agent, action, source, maturity, risk, warnings, policyVersion, argsHash, decidedAt } = decision
  const facts = { id, agent, action, source, maturity, risk, warnings, policyVersion, argsHash, decidedAt }
  return { ...facts, reason: fault.message, route: 'denied', code: fault.code }
}

/** What a check answers when the gate cannot be asked. */
export function assessFault(denied: Denied, fault: GovernanceError): Assessment {
  const { id: _, ...facts } = denyForFault(denied, fault)
  return facts
}
