import type {
  Agent,
  Assessment,
  ConfidenceEntry,
  Decision,
  DecisionFacts,
  DecisionRecord,
  ErrorCode,
  Fingerprint,
  JsonObject,
  JsonValue,
  MaturityTransition,
  Proposal,
  ProposalReview,
  QueueEntry,
  SupervisionSession,
  TrainingProposal,
} from '@preceptor/client'
import {
  ERROR_CODES,
  isErrorCode,
  LIFECYCLES,
  MATURITIES,
  REJECTION_CATEGORIES,
  RISKS,
  ROUTES,
} from '@preceptor/client'
import { z } from 'zod'

/** An answer of the gate that is no object of its own; it was JSON before. */
export const jsonValue: z.ZodType<JsonValue> = z.unknown() as unknown as z.ZodType<JsonValue>
/** A JSON object as it comes. */
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject>
export const text: z.ZodString = z.string()
const whole = z.int()
const nullableText = z.nullable(text)
const maturity = z.enum(MATURITIES)
const risk = z.enum(RISKS)
const errorCode: z.ZodType<ErrorCode> = z.enum(Object.keys(ERROR_CODES).filter(isErrorCode))

const facts = {
  id: text,
  agent: text,
  action: text,
  source: text,
  maturity: z.nullable(maturity),
  risk: z.nullable(risk),
  reason: text,
  warnings: z.array(text),
  policyVersion: whole,
  argsHash: nullableText,
  decidedAt: text,
} satisfies Record<keyof DecisionFacts, z.ZodType>

const grantUse = z.strictObject({ id: text, usesLeft: whole })
const bypassUse = z.strictObject({ id: text, route: z.enum(['supervision', 'proposal', 'training']), expiresAt: text })

const { id: _, ...assessed } = facts
export const assessment: z.ZodType<Assessment> = z.strictObject({
  ...assessed,
  route: z.enum(ROUTES),
  code: z.nullable(errorCode),
  grant: grantUse.exactOptional(),
  bypass: bypassUse.exactOptional(),
})

const heldBack = z.enum(['supervision', 'queue', 'proposal', 'training', 'denied'])
const handle = z.strictObject({ id: text })
export const decision: z.ZodType<Decision> = z.discriminatedUnion('route', [
  z.strictObject({
    ...facts,
    route: z.literal('execution'),
    shadow: z.strictObject({ route: heldBack, code: z.nullable(errorCode) }).exactOptional(),
    bypass: bypassUse.exactOptional(),
    grant: grantUse.exactOptional(),
    approval: z
      .strictObject({ proposal: text, version: whole, decidedBy: z.array(text), edited: jsonObject.exactOptional() })
      .exactOptional(),
  }),
  z.strictObject({ ...facts, route: z.literal('supervision'), session: handle }),
  z.strictObject({
    ...facts,
    route: z.literal('queue'),
    code: z.literal('SUPERVISOR_REQUIRED'),
    queueEntry: handle.extend({ expiresAt: text }),
  }),
  z.strictObject({
    ...facts,
    route: z.literal('proposal'),
    code: z.literal('APPROVAL_REQUIRED'),
    proposal: handle.extend({
      version: whole,
      actionHash: text,
      requiredApprovals: whole,
      expiresAt: text,
      runnableAt: text.exactOptional(),
    }),
  }),
  z.strictObject({
    ...facts,
    route: z.literal('training'),
    code: z.literal('TRAINING_REQUIRED'),
    blockedTrigger: handle,
    trainingProposal: handle.extend({ repeats: whole }),
  }),
  z.strictObject({ ...facts, route: z.literal('denied'), code: errorCode }),
])

export const decisionRecord: z.ZodType<DecisionRecord> = z.strictObject({
  decision,
  workspace: text,
  actor: text,
  args: jsonObject,
  execution: z.nullable(
    z.strictObject({
      id: text,
      decisionId: text,
      agent: text,
      action: text,
      state: z.enum(['claimed', 'succeeded', 'failed', 'released', 'outcome_unknown']),
      attempt: whole,
      claimedAt: text,
      settledAt: nullableText,
    }),
  ),
})

const fingerprint: z.ZodType<Fingerprint> = z.strictObject({
  version: text.exactOptional(),
  model: text.exactOptional(),
  instructions: text.exactOptional(),
  tools: text.exactOptional(),
})

export const agent: z.ZodType<Agent> = z.strictObject({
  id: text,
  displayName: text,
  category: nullableText,
  specialty: nullableText,
  ownerId: text,
  lifecycle: z.enum(LIFECYCLES),
  maturity,
  confidence: whole,
  epoch: whole,
  capabilities: z.array(text),
  fingerprint,
  fingerprintCapped: z.boolean(),
  createdAt: text,
  updatedAt: text,
})

const change = { id: text, agent: text, capability: text, actor: text, reason: text, createdAt: text }
export const confidenceEntry: z.ZodType<ConfidenceEntry> = z.strictObject({
  ...change,
  kind: text,
  requested: whole,
  applied: whole,
  confidence: whole,
  sourceType: text,
  sourceId: text,
})
export const maturityTransition: z.ZodType<MaturityTransition> = z.strictObject({
  ...change,
  from: maturity,
  to: maturity,
  cause: text,
})

const attempted = { id: text, agent: text, decisionId: text, action: text, createdAt: text }
const PROPOSAL_STATES = ['pending', 'approved', 'executing', 'succeeded', 'failed', 'outcome_unknown'] as const
const review: z.ZodType<ProposalReview> = z.strictObject({
  reviewer: text,
  version: whole,
  verdict: z.enum(['approve', 'edit', 'reject', 'respond']),
  category: z.nullable(z.enum(REJECTION_CATEGORIES)),
  reason: nullableText,
  actionHash: text,
  createdAt: text,
})
export const proposal: z.ZodType<Proposal> = z.strictObject({
  ...attempted,
  risk,
  maturity,
  source: text,
  type: nullableText,
  resource: nullableText,
  context: z.nullable(jsonObject),
  executor: z.enum(['caller', 'registered']),
  requiredApprovals: whole,
  state: z.enum([...PROPOSAL_STATES, 'rejected', 'responded', 'expired', 'cancelled']),
  version: whole,
  args: jsonObject,
  actionHash: text,
  policyVersion: whole,
  fingerprint,
  digest: text,
  nonce: text,
  proposedBy: text,
  reviews: z.array(review),
  decidedBy: z.array(text),
  decidedAt: nullableText,
  response: jsonValue,
  assignedTo: nullableText,
  acknowledgedBy: nullableText,
  acknowledgedAt: nullableText,
  snoozedUntil: nullableText,
  runnableAt: nullableText,
  expiresAt: text,
  updatedAt: text,
})

export const queueEntry: z.ZodType<QueueEntry> = z.strictObject({
  ...attempted,
  args: jsonObject,
  risk,
  source: text,
  priority: whole,
  state: z.enum(['pending', 'executing', 'completed', 'failed', 'cancelled', 'expired', 'outcome_unknown']),
  executor: z.enum(['caller', 'registered']),
  attempt: whole,
  sessionId: nullableText,
  offeredTo: nullableText,
  executionId: nullableText,
  outcome: z.nullable(z.enum(['succeeded', 'failed', 'outcome_unknown'])),
  reason: nullableText,
  expiresAt: text,
  startedAt: nullableText,
  settledAt: nullableText,
})

// What people wrote about a run is theirs.
export const supervisionSession: z.ZodType<Pick<SupervisionSession, 'id' | 'state'>> = z.object({
  ...attempted,
  run: text,
  state: z.enum(['starting', 'running', 'pausing', 'paused', 'correcting', 'completed', 'terminated', 'failed']),
  supervisorId: nullableText,
  supervisorLeaseExpiresAt: nullableText,
  startedAt: nullableText,
  endedAt: nullableText,
  endReason: nullableText,
})

export const trainingProposal: z.ZodType<TrainingProposal> = z.strictObject({
  id: text,
  agent: text,
  capability: text,
  gaps: z.array(text),
  title: text,
  plan: jsonObject,
  state: z.enum(['proposed', 'approved', 'rejected']),
  repeats: whole,
  decidedBy: nullableText,
  decidedAt: nullableText,
  reason: nullableText,
  sessionId: nullableText,
  createdAt: text,
  updatedAt: text,
})
