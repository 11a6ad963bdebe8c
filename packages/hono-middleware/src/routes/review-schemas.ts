import type {
  ProposalApproval,
  ProposalRejection,
  ProposalResolution,
  ProposalResponse,
  RejectionCategory,
} from '@preceptor/client'
import { z } from 'zod'
import { jsonObject, jsonValue, reason } from './common-schemas.ts'

export const rejectionCategory: z.ZodType<RejectionCategory> = z.enum([
  'wrong_action',
  'wrong_args',
  'wrong_time',
  'not_allowed',
  'duplicate',
  'other',
])

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
