import type { JsonObject } from '@preceptor/client'
import type { ActionSpecification } from '../actions/registered-action.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import type { Attempt } from '../routing/attempt.ts'
import type { AgentFacts } from '../routing/facts.ts'
import { actionHash } from './action-hash.ts'
import type { BoundProposal } from './approval-store.ts'

export const NOW: number = Date.parse('2026-01-01T00:00:00.000Z')
export const EXPIRES_AT: string = '2026-01-01T01:00:00.000Z'
export const WORKSPACE: string = 'default'
const DIGEST = 'd'.repeat(64)

/** The action that was approved. */
export const refund: ActionSpecification = {
  name: 'refund.create',
  digest: DIGEST,
  capability: 'refund',
  risk: 'medium',
  ceiling: 'autonomous',
  asksPeople: false,
  idempotent: false,
  description: null,
  argsSchema: null,
  sensitivePaths: [],
  isValidatedByCode: false,
  validate: (args) => ({ valid: true, args }),
  execute: null,
  summary: null,
  preview: null,
}

/** A proposal that one person approved, bound by its hash. */
export function approvedProposal(change: Partial<BoundProposal> = {}): BoundProposal {
  const args: JsonObject = { cents: 5 }
  const unbound = {
    id: 'prp_1',
    agent: 'bot',
    decisionId: 'dec_1',
    idempotencyKey: 'k1',
    action: refund.name,
    digest: DIGEST,
    risk: 'medium',
    source: 'ai_coordinator',
    type: null,
    resource: null,
    delegation: [],
    executor: 'caller',
    requiredApprovals: 1,
    state: 'approved',
    version: 2,
    proposedBy: 'agent:bot',
    requestedHash: hashCanonical(args),
    decidedBy: ['user:ann'],
    response: null,
    rejection: null,
    expiresAt: EXPIRES_AT,
    createdAt: '2025-12-31T23:00:00.000Z',
    runnableAt: null,
    assignedTo: null,
    acknowledgedBy: null,
    args,
    summary: null,
    preview: null,
    sensitive: [],
    argsHash: hashCanonical(args),
    nonce: 'evt_1',
    policyVersion: 3,
    fingerprint: { version: '1' },
    versionBy: 'agent:bot',
    ...change,
  } as unknown as BoundProposal
  const { agent, fingerprint, action, digest, policyVersion, expiresAt, nonce } = unbound
  const bound = { agent, fingerprint, action, digest, policyVersion, expiresAt, nonce }
  return { ...unbound, actionHash: actionHash({ workspace: WORKSPACE, ...bound, args: unbound.args }) }
}

/** The attempt that comes back once it was approved. */
export function returning(change: {
  readonly args?: JsonObject
  readonly action?: Partial<ActionSpecification>
  readonly trigger?: Partial<Attempt['trigger']>
  readonly attempt?: Partial<Attempt>
  readonly by?: Partial<Attempt['actor']['principal']>
}): Attempt {
  const { args = { cents: 5 } } = change
  return {
    actor: {
      workspace: WORKSPACE,
      principal: { kind: 'agent', id: 'bot', roles: [], ...change.by },
      source: 'ai_coordinator',
    },
    trigger: { agent: 'bot', action: refund.name, args, ...change.trigger },
    keyed: false,
    idempotencyKey: 'k1',
    decisionId: 'dec_2',
    decidedAt: new Date(NOW).toISOString(),
    startedAt: 0,
    resolution: {
      status: 'resolved',
      action: { ...refund, ...change.action },
      args,
      argsHash: hashCanonical(args),
    },
    ...change.attempt,
  }
}

/** What is known of an agent. */
export function agentAtEpoch(id: string, epoch: number): AgentFacts {
  return {
    id,
    ownerId: 'owner',
    category: null,
    capabilities: [],
    lifecycle: 'active',
    epoch,
    maturity: 'intern',
    confidence: 0,
    earned: new Map(),
    fingerprint: {},
    fingerprintCapped: false,
  }
}
