import {
  type BatchedProposal,
  type ProposalApproval,
  type ProposalBatch,
  type ProposalComment,
  type ProposalExtension,
  type ProposalHistoryQuery,
  type ProposalRejection,
  type ProposalResolution,
  type ProposalResponse,
  REJECTION_CATEGORIES,
  type RejectionCategory,
} from '@preceptor/client'
import { z } from 'zod'
import { id, jsonObject, jsonValue, pageQuery, reason, time } from './common-schemas.ts'

export const rejectionCategory: z.ZodType<RejectionCategory> = z.enum(REJECTION_CATEGORIES)

const reviewed = {
  version: z.int().min(1),
  actionHash: z.string().length(64).meta({ description: 'The hash that the reviewer was shown' }),
}

export const approvalBody: z.ZodType<ProposalApproval> = z.strictObject({
  ...reviewed,
  args: jsonObject.meta({ description: 'Args to run with instead' }).exactOptional(),
  reason: reason.exactOptional(),
})

export const rejectionBody: z.ZodType<ProposalRejection> = z.strictObject({
  ...reviewed,
  category: rejectionCategory,
  reason,
})

export const responseBody: z.ZodType<ProposalResponse> = z.strictObject({
  ...reviewed,
  response: jsonValue,
  reason: reason.exactOptional(),
})

export const resolutionBody: z.ZodType<ProposalResolution> = z.strictObject({
  outcome: z.enum(['succeeded', 'failed']),
  reason,
})

const dateTime = z.iso.datetime({ offset: true })

export const extensionBody: z.ZodType<ProposalExtension> = z.strictObject({
  ...reviewed,
  until: dateTime.meta({ description: 'At most 7 days after the proposal was made' }),
})

export const snoozeBody: z.ZodType<{ readonly until: string }> = z.strictObject({
  until: dateTime.meta({ description: 'At most until the proposal expires' }),
})

export const assignmentBody: z.ZodType<{ readonly to: string | null }> = z.strictObject({
  to: z.nullable(id).meta({ description: 'Id of a user who may decide on it; null for nobody' }),
})

export const commentBody: z.ZodType<{ readonly text: string }> = z.strictObject({ text: z.string().min(1).max(4_000) })

export const comment: z.ZodType<ProposalComment> = z.strictObject({
  id: z.string(),
  proposalId: z.string(),
  author: z.string(),
  text: z.string(),
  createdAt: time,
})

const batched: z.ZodType<BatchedProposal> = z.strictObject({ id, ...reviewed })

export const batchBody: z.ZodType<ProposalBatch> = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  items: z.array(batched).min(1).max(50),
  category: rejectionCategory.exactOptional(),
  reason: reason.exactOptional(),
})

/** Query of the history of an agent. */
export const historyQuery: z.ZodType<ProposalHistoryQuery> = pageQuery.extend({
  action: z.string().min(1).max(128).exactOptional(),
})
