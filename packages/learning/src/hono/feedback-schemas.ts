import { agentId, id, nullableText, pageQuery, time } from '@preceptor/hono-middleware/routes'
import { z } from 'zod'
import {
  ABOUT_KINDS,
  type About,
  type AgentInsights,
  type AgentMetrics,
  type Example,
  type ExampleExport,
  type ExampleImport,
  type ExampleQuery,
  FEEDBACK_KINDS,
  type Feedback,
  type FeedbackQuery,
  type FeedbackRequest,
  type TrainingOpportunity,
} from '../client/feedback.ts'

const LONGEST_TEXT = 20_000
const MOST_IMPORTED = 262_144

const text = z.string().max(LONGEST_TEXT)
const agentType = z.string().min(1).max(64)
const tag = z.string().min(1).max(64)
const kind = z.enum(FEEDBACK_KINDS)
const count = z.int()
const share = z.nullable(z.number())
const truth = z.stringbool({ truthy: ['true'], falsy: ['false'] })

const about: z.ZodType<About> = z.strictObject({
  kind: z.enum(ABOUT_KINDS),
  id,
  task: z.string().min(1).max(2_000).exactOptional(),
})

export const feedbackBody: z.ZodType<FeedbackRequest> = z.strictObject({
  agent: agentId,
  kind,
  input: text,
  output: text,
  correction: text.meta({ description: 'For a correction, and for nothing else' }).exactOptional(),
  comment: z.string().max(4_000).exactOptional(),
  tags: z.array(tag).max(20).exactOptional(),
  about,
})

export const feedback: z.ZodType<Feedback> = z.strictObject({
  id: z.string(),
  agent: z.string(),
  agentType: z.string(),
  kind,
  input: z.string(),
  output: z.string(),
  correction: nullableText,
  comment: nullableText,
  tags: z.array(z.string()),
  about,
  actor: z.string(),
  exampleId: nullableText,
  createdAt: time,
})

export const feedbackQuery: z.ZodType<FeedbackQuery> = pageQuery.extend({
  agent: agentId.exactOptional(),
  agentType: agentType.exactOptional(),
  kind: kind.exactOptional(),
  tag: tag.exactOptional(),
})

export const daysQuery: z.ZodType<{ days?: number }> = z.strictObject({
  days: z.coerce.number().int().min(1).max(365).meta({ description: 'Default 30' }).exactOptional(),
})

export const example: z.ZodType<Example> = z.strictObject({
  id: z.string(),
  agent: nullableText,
  agentType: z.string(),
  input: z.string(),
  output: nullableText,
  correction: z.string(),
  tags: z.array(z.string()),
  about,
  origin: z.enum(['feedback', 'captured', 'imported']),
  contentHash: z.string(),
  isHeldOut: z.boolean(),
  appliedBy: nullableText,
  occurrences: count,
  actor: z.string(),
  createdAt: time,
})

const exampleFilters = {
  agentType: agentType.exactOptional(),
  tag: tag.exactOptional(),
  search: z.string().min(1).max(500).meta({ description: 'Words in the texts; best first' }).exactOptional(),
  isHeldOut: truth.exactOptional(),
  isApplied: truth.exactOptional(),
}

export const exampleQuery: z.ZodType<ExampleQuery> = pageQuery.extend(exampleFilters)

export const exampleExport: z.ZodType<Omit<ExampleExport, 'signal'>> = z.strictObject({
  agent: agentId.exactOptional(),
  agentType: agentType.exactOptional(),
  tag: tag.exactOptional(),
})

export const importBody: z.ZodType<{ lines: string }> = z.strictObject({
  lines: z.string().max(MOST_IMPORTED).meta({ description: 'One JSON object a line' }),
})

export const exampleImport: z.ZodType<ExampleImport> = z.strictObject({
  added: count,
  duplicates: count,
  refused: z.array(z.strictObject({ line: count, message: z.string() })),
})

export const agentMetrics: z.ZodType<AgentMetrics> = z.strictObject({
  agent: z.string(),
  from: time,
  to: time,
  total: count,
  byKind: z.strictObject({ positive: count, negative: count, correction: count, suggestion: count }),
  accuracy: share,
  improvementRate: share,
  responseTimeMs: z.nullable(z.strictObject({ mean: z.number(), p95: z.number(), runs: count })),
})

const trainingOpportunity: z.ZodType<TrainingOpportunity> = z.strictObject({
  agentType: z.string(),
  tag: nullableText,
  terms: z.array(z.string()),
  examples: z.array(z.string()),
  count,
})

export const agentInsights: z.ZodType<AgentInsights> = z.strictObject({
  agent: z.string(),
  total: count,
  negativeRate: share,
  correctionRate: share,
  topIssues: z.array(z.strictObject({ tag: z.string(), count, share: z.number() })),
  recommendations: z.array(z.strictObject({ code: z.string(), text: z.string() })),
  opportunities: z.array(trainingOpportunity),
})
