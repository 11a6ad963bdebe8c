import type { JsonObject, JsonValue, Maturity, Page, ProposalState, Risk, Role, Route } from '@preceptor/client'
import { z } from 'zod'

/** A JSON object as it comes: it was parsed from JSON, so its values are JSON whatever the schema can say. */
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject>

/** Any JSON value; as above. */
export const jsonValue: z.ZodType<JsonValue> = z.unknown() as unknown as z.ZodType<JsonValue>

export const id: z.ZodString = z.string().min(1).max(200)
export const agentId: z.ZodString = z.string().min(1).max(128)
export const reason: z.ZodString = z.string().min(1).max(1_000)
export const time: z.ZodString = z.string().meta({ description: 'ISO 8601, UTC', format: 'date-time' })
export const nullableTime: z.ZodNullable<z.ZodString> = z.nullable(time)
export const nullableText: z.ZodNullable<z.ZodString> = z.nullable(z.string())
export const maturity: z.ZodType<Maturity> = z.enum(['student', 'intern', 'supervised', 'autonomous'])
export const risk: z.ZodType<Risk> = z.enum(['safe', 'medium', 'high', 'critical'])
export const route: z.ZodType<Route> = z.enum(['execution', 'supervision', 'queue', 'proposal', 'training', 'denied'])
export const role: z.ZodType<Role> = z.enum(['admin', 'supervisor', 'viewer'])

/** The query of every list. */
export const pageQuery: z.ZodObject<{
  limit: z.ZodExactOptional<z.ZodCoercedNumber>
  cursor: z.ZodExactOptional<z.ZodString>
}> = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).exactOptional(),
  cursor: z.string().min(1).max(1_024).exactOptional(),
})

/** One page of a list of these items. */
export function pageOf<T>(item: z.ZodType<T>): z.ZodType<Page<T>> {
  return z.strictObject({ items: z.array(item), next: nullableText })
}

export const proposalState: z.ZodType<ProposalState> = z.enum([
  'pending',
  'approved',
  'executing',
  'succeeded',
  'failed',
  'outcome_unknown',
  'rejected',
  'responded',
  'expired',
  'cancelled',
])
