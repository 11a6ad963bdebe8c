import type {
  BlockedTrigger,
  DecisionRecord,
  ExecutionRecord,
  Proposal,
  ProposalBatchResult,
  ProposalReview,
  QueueEntry,
  QueuePriority,
  QueueResolution,
  QueueStats,
  RecordQuery,
  TrainingProposal,
} from '@preceptor/client'
import { z } from 'zod'
import { fingerprint } from './agent-schemas.ts'
import {
  agentId,
  jsonObject,
  jsonValue,
  maturity,
  nullableText,
  nullableTime,
  pageQuery,
  proposalState,
  reason,
  risk,
  route,
  time,
} from './common-schemas.ts'
import { decision, errorCode } from './decision-schemas.ts'
import { rejectionCategory } from './review-schemas.ts'

const execution: z.ZodType<ExecutionRecord> = z.strictObject({
  id: z.string(),
  decisionId: z.string(),
  agent: agentId,
  action: z.string(),
  state: z.enum(['claimed', 'succeeded', 'failed', 'released', 'outcome_unknown']),
  attempt: z.int(),
  claimedAt: time,
  settledAt: nullableTime,
})

export const decisionRecord: z.ZodType<DecisionRecord> = z.strictObject({
  decision,
  workspace: z.string(),
  actor: z.string(),
  args: jsonObject,
  execution: z.nullable(execution),
})

export const blockedTrigger: z.ZodType<BlockedTrigger> = z.strictObject({
  id: z.string(),
  agent: agentId,
  decisionId: z.string(),
  source: z.string(),
  type: nullableText,
  action: z.string(),
  args: jsonObject,
  resource: nullableText,
  maturity,
  confidence: z.int(),
  route,
  trainingProposalId: z.string(),
  offeredAt: nullableTime,
  resolvedAt: nullableTime,
  resolution: nullableText,
  createdAt: time,
})

export const trainingProposal: z.ZodType<TrainingProposal> = z.strictObject({
  id: z.string(),
  agent: agentId,
  capability: z.string(),
  gaps: z.array(z.string()),
  title: z.string(),
  plan: jsonObject,
  state: z.enum(['proposed', 'approved', 'rejected']),
  repeats: z.int(),
  decidedBy: nullableText,
  decidedAt: nullableTime,
  reason: nullableText,
  sessionId: nullableText,
  createdAt: time,
  updatedAt: time,
})

const review: z.ZodType<ProposalReview> = z.strictObject({
  reviewer: z.string(),
  version: z.int(),
  verdict: z.enum(['approve', 'edit', 'reject', 'respond']),
  category: z.nullable(rejectionCategory),
  reason: nullableText,
  actionHash: z.string(),
  createdAt: time,
})

export const proposal: z.ZodType<Proposal> = z.strictObject({
  id: z.string(),
  agent: agentId,
  decisionId: z.string(),
  action: z.string(),
  risk,
  maturity,
  source: z.string(),
  type: nullableText,
  resource: nullableText,
  context: z.nullable(jsonObject),
  executor: z.enum(['caller', 'registered']),
  requiredApprovals: z.int(),
  state: proposalState,
  version: z.int(),
  args: jsonObject,
  actionHash: z.string(),
  policyVersion: z.int(),
  fingerprint,
  digest: z.string(),
  nonce: z.string(),
  proposedBy: z.string(),
  reviews: z.array(review),
  decidedBy: z.array(z.string()),
  decidedAt: nullableTime,
  response: jsonValue,
  assignedTo: nullableText,
  acknowledgedBy: nullableText,
  acknowledgedAt: nullableTime,
  snoozedUntil: nullableTime,
  runnableAt: nullableTime,
  expiresAt: time,
  createdAt: time,
  updatedAt: time,
})

export const batchResult: z.ZodType<ProposalBatchResult> = z.strictObject({
  items: z.array(
    z.discriminatedUnion('result', [
      z.strictObject({ id: z.string(), result: z.literal('decided'), proposal }),
      z.strictObject({
        id: z.string(),
        result: z.literal('refused'),
        problem: z.strictObject({ code: errorCode, message: z.string() }),
      }),
    ]),
  ),
})

export const queueEntry: z.ZodType<QueueEntry> = z.strictObject({
  id: z.string(),
  agent: agentId,
  decisionId: z.string(),
  action: z.string(),
  args: jsonObject,
  risk,
  source: z.string(),
  priority: z.int(),
  state: z.enum(['pending', 'executing', 'completed', 'failed', 'cancelled', 'expired', 'outcome_unknown']),
  executor: z.enum(['caller', 'registered']),
  attempt: z.int(),
  sessionId: nullableText,
  offeredTo: nullableText,
  executionId: nullableText,
  outcome: z.nullable(z.enum(['succeeded', 'failed', 'outcome_unknown'])),
  reason: nullableText,
  expiresAt: time,
  createdAt: time,
  startedAt: nullableTime,
  settledAt: nullableTime,
})

const count = z.int().min(0)

export const queueStats: z.ZodType<QueueStats> = z.strictObject({
  states: z.strictObject({
    pending: count,
    executing: count,
    completed: count,
    failed: count,
    cancelled: count,
    expired: count,
    outcome_unknown: count,
  }),
  enqueued: count,
  waiting: count,
  oldestWaitingSince: nullableTime,
})

export const queueResolution: z.ZodType<QueueResolution> = z.strictObject({
  outcome: z.enum(['succeeded', 'failed']),
  reason,
})

export const queuePriority: z.ZodType<QueuePriority> = z.strictObject({ priority: z.int().min(0).max(9), reason })

/** Query of the lists of what agents did. */
export const recordQuery: z.ZodType<RecordQuery> = pageQuery.extend({
  agent: agentId.exactOptional(),
  state: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .meta({ description: 'One state, or `active` for everything that has not ended' })
    .exactOptional(),
})
