import {
  type ActionDefinition,
  type Agent,
  type AgentChange,
  type AgentQuery,
  type AgentRegistration,
  type CataloguedAction,
  type ConfidenceEntry,
  type Fingerprint,
  type Incident,
  type JsonObject,
  type MaturityTransition,
  type PromotionExplanation,
  TIMELINE_KINDS,
  type TimelineEntry,
} from '@preceptor/client'
import { z } from 'zod'
import { agentId, jsonObject, maturity, nullableText, pageQuery, risk, time } from './common-schemas.ts'

const digest = z.string().regex(/^[0-9a-f]{64}$/)

export const fingerprint: z.ZodType<Fingerprint> = z.strictObject({
  version: z.string().min(1).max(200).exactOptional(),
  model: z.string().min(1).max(200).exactOptional(),
  instructions: digest.exactOptional(),
  tools: digest.exactOptional(),
})

const lifecycle: z.ZodType<Agent['lifecycle']> = z.enum(['active', 'paused', 'stopped', 'retired'])

export const agent: z.ZodType<Agent> = z.strictObject({
  id: agentId,
  displayName: z.string(),
  category: nullableText,
  specialty: nullableText,
  ownerId: z.string(),
  lifecycle,
  maturity,
  confidence: z.int().min(0).max(10_000).meta({ description: 'Earned score in basis points' }),
  epoch: z.int(),
  capabilities: z.array(z.string()),
  fingerprint,
  fingerprintCapped: z.boolean(),
  createdAt: time,
  updatedAt: time,
})

export const confidenceEntry: z.ZodType<ConfidenceEntry> = z.strictObject({
  id: z.string(),
  agent: agentId,
  capability: z.string(),
  kind: z.string(),
  requested: z.int(),
  applied: z.int(),
  confidence: z.int(),
  sourceType: z.string(),
  sourceId: z.string(),
  actor: z.string(),
  reason: z.string(),
  createdAt: time,
})

export const maturityTransition: z.ZodType<MaturityTransition> = z.strictObject({
  id: z.string(),
  agent: agentId,
  capability: z.string(),
  from: maturity,
  to: maturity,
  cause: z.string(),
  actor: z.string(),
  reason: z.string(),
  createdAt: time,
})

export const promotionExplanation: z.ZodType<PromotionExplanation> = z.strictObject({
  agent: z.string(),
  capability: z.string(),
  maturity,
  confidence: z.int(),
  to: maturity.nullable(),
  policy: z.enum(['earned', 'bands']),
  gates: z.array(
    z.strictObject({
      name: z.enum([
        'confidence',
        'training',
        'incidents',
        'proposals',
        'sessions',
        'reviewers',
        'reviewer_share',
        'terminations',
        'sign_off',
      ]),
      met: z.boolean(),
      value: z.number(),
      target: z.number(),
      share: z.number(),
      missing: nullableText,
    }),
  ),
  ready: z.boolean(),
})

export const incident: z.ZodType<Incident> = z.strictObject({
  id: z.string(),
  agent: z.string(),
  reason: z.string(),
  recordedBy: z.string(),
  createdAt: time,
  closedBy: nullableText,
  closedReason: nullableText,
  closedAt: time.nullable(),
})

export const timelineEntry: z.ZodType<TimelineEntry> = z.strictObject({
  id: z.string(),
  kind: z.enum(TIMELINE_KINDS),
  subjectId: z.string(),
  at: time,
  actor: z.string(),
  reason: nullableText,
  capability: nullableText,
  from: maturity.nullable(),
  to: maturity.nullable(),
  confidence: z.int().nullable(),
})

const text = z.string().min(1).max(200)
const capabilities = z.array(z.string().min(1).max(128)).max(200)

/** Body that registers an agent. */
export const agentRegistration: z.ZodType<AgentRegistration> = z.strictObject({
  id: agentId,
  displayName: text.exactOptional(),
  category: z.string().min(1).max(100).exactOptional(),
  specialty: z.string().min(1).max(100).exactOptional(),
  ownerId: text.exactOptional(),
  capabilities: capabilities.exactOptional(),
  fingerprint: fingerprint.exactOptional(),
  maturity: maturity.exactOptional(),
  confidence: z.int().min(0).max(10_000).exactOptional(),
})

/** Body that changes an agent. */
export const agentChange: z.ZodType<AgentChange> = z.strictObject({
  displayName: text.exactOptional(),
  category: z.string().min(1).max(100).nullable().exactOptional(),
  specialty: z.string().min(1).max(100).nullable().exactOptional(),
  ownerId: text.exactOptional(),
  capabilities: capabilities.exactOptional(),
})

/** An action as a client declares it: its args as JSON Schema. */
export const actionDefinition: z.ZodType<ActionDefinition & { readonly args?: JsonObject }> = z.strictObject({
  args: jsonObject.exactOptional(),
  risk: risk.exactOptional(),
  capability: z.string().min(1).max(128).exactOptional(),
  idempotent: z.boolean().exactOptional(),
  ceiling: maturity.exactOptional(),
  description: z.string().max(1_000).exactOptional(),
})

export const cataloguedAction: z.ZodType<CataloguedAction> = z.strictObject({
  name: z.string(),
  digest,
  risk,
  capability: z.string(),
  idempotent: z.boolean(),
  ceiling: maturity,
  description: nullableText,
  args: z.nullable(jsonObject),
  registeredBy: z.string(),
  registeredAt: time,
})

/** Query of the list of agents. */
export const agentQuery: z.ZodType<AgentQuery> = pageQuery.extend({
  maturity: maturity.exactOptional(),
  lifecycle: lifecycle.exactOptional(),
})
