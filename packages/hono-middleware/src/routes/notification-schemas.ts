import type {
  CreatedWebhook,
  Delivery,
  Escalation,
  EscalationMatch,
  EscalationRequest,
  EscalationStep,
  Webhook,
  WebhookRequest,
  WebhookTest,
} from '@preceptor/client'
import { z } from 'zod'
import { id, nullableText, nullableTime, risk, role, time } from './common-schemas.ts'

const name = z.string().min(1).max(128)

export const delivery: z.ZodType<Delivery> = z.strictObject({
  id: z.string().meta({ description: 'The header webhook-id of every attempt' }),
  webhook: z.string(),
  kind: z.string(),
  sequence: z.int(),
  subjectId: z.string(),
  state: z.enum(['pending', 'sending', 'delivered', 'failed', 'cancelled']),
  attempt: z.int(),
  status: z.nullable(z.int()),
  error: nullableText,
  dueAt: nullableTime,
  createdAt: time,
  settledAt: nullableTime,
})

export const webhook: z.ZodType<Webhook> = z.strictObject({
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  state: z.enum(['active', 'disabled']),
  createdBy: z.string(),
  createdAt: time,
  lastDelivery: z.nullable(delivery),
})

export const webhookBody: z.ZodType<WebhookRequest> = z.strictObject({
  url: z.string().min(1).max(2_048).meta({ description: 'An https address of the public internet' }),
  events: z.array(z.string().min(1).max(64)).min(1).max(100).meta({ description: 'Kinds of events' }),
})

export const createdWebhook: z.ZodType<CreatedWebhook> = z.strictObject({
  webhook,
  secret: z.string().meta({ description: 'Shown this once' }),
})

export const webhookTest: z.ZodType<WebhookTest> = z.strictObject({
  id: z.string().meta({ description: 'The header webhook-id' }),
  webhook: z.string(),
  outcome: z.enum(['delivered', 'failed']),
  status: z.nullable(z.int()),
  error: nullableText,
})

export const replayBody: z.ZodType<{ delivery: string }> = z.strictObject({ delivery: id })

const match: z.ZodType<EscalationMatch> = z.strictObject({
  risks: z.array(risk).min(1).max(4).exactOptional(),
  action: name.exactOptional(),
  agent: name.exactOptional(),
})

const step: z.ZodType<EscalationStep> = z.strictObject({
  afterMs: z.int().min(0).meta({ description: 'Milliseconds after the step before' }),
  notify: z.union([
    z.strictObject({ role }),
    z.strictObject({ user: z.string().min(1).max(200) }),
    z.strictObject({ webhook: name }),
  ]),
})

export const escalation: z.ZodType<Escalation> = z.strictObject({
  id: z.string(),
  name: z.string(),
  match,
  steps: z.array(step),
  repeat: z.int(),
  createdBy: z.string(),
  createdAt: time,
})

export const escalationBody: z.ZodType<EscalationRequest> = z.strictObject({
  name: z.string().min(1).max(200),
  match: match.exactOptional(),
  steps: z.array(step).min(1).max(10),
  repeat: z.int().min(0).max(5).exactOptional(),
})
