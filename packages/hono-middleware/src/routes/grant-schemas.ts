import type {
  ArgCondition,
  Grant,
  GrantMatcher,
  GrantPreview,
  GrantPreviewRequest,
  GrantRequest,
  GrantUse,
  Suggestion,
} from '@preceptor/client'
import { z } from 'zod'
import {
  agentId,
  id,
  jsonObject,
  jsonValue,
  nullableText,
  nullableTime,
  proposalState,
  reason,
  time,
} from './common-schemas.ts'

const condition: z.ZodType<ArgCondition> = z.union([
  z.strictObject({ equals: jsonValue }),
  z.strictObject({ oneOf: z.array(jsonValue).min(1).max(50) }),
  z.strictObject({ atMost: z.number().min(0) }),
  z.strictObject({ atLeast: z.number() }),
  z.strictObject({ between: z.tuple([z.number(), z.number()]) }),
  z.strictObject({ any: z.literal(true) }),
])

const matcher: z.ZodType<GrantMatcher> = z.strictObject({
  args: z.record(z.string().min(1).max(128), condition),
  resource: z.string().min(1).max(500).nullable().exactOptional(),
})

const action = z.string().min(1).max(128)
const preview = { agent: agentId, action, matcher }

export const previewBody: z.ZodType<GrantPreviewRequest> = z.strictObject(preview)

export const grantBody: z.ZodType<GrantRequest> = z.strictObject({
  ...preview,
  digest: z.string().length(64).exactOptional(),
  uses: z.int().min(1).max(1_000),
  expiresAt: z.iso.datetime({ offset: true }),
  reason,
})

export const grantPreview: z.ZodType<GrantPreview> = z.strictObject({
  matched: z.int(),
  of: z.int(),
  sample: z.array(
    z.strictObject({
      proposalId: z.string(),
      args: jsonObject,
      createdAt: time,
      state: proposalState,
    }),
  ),
})

export const grant: z.ZodType<Grant> = z.strictObject({
  id: z.string(),
  agent: agentId,
  action: z.string(),
  digest: z.string(),
  matcher,
  uses: z.int(),
  used: z.int(),
  state: z.enum(['active', 'used_up', 'expired', 'revoked']),
  lapsed: z.nullable(z.enum(['agent_changed', 'policy_changed'])),
  policyVersion: z.int(),
  reason: z.string(),
  createdBy: z.string(),
  createdAt: time,
  expiresAt: time,
  revokedBy: nullableText,
  revokedAt: nullableTime,
  revokeReason: nullableText,
})

export const grantUse: z.ZodType<GrantUse> = z.strictObject({ id, usesLeft: z.int() })

const suggestion: z.ZodType<Suggestion> = z.strictObject({
  kind: z.enum(['grant', 'promotion']),
  action: nullableText,
  text: z.string(),
  approvedUnchanged: z.int(),
  decided: z.int(),
  since: time,
  grant: grantBody.exactOptional(),
})

export const suggestions: z.ZodType<{ readonly items: readonly Suggestion[] }> = z.strictObject({
  items: z.array(suggestion),
})
