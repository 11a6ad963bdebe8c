import { agentId, id, nullableText, nullableTime, pageQuery, time } from '@preceptor/hono-middleware/routes'
import { z } from 'zod'
import type {
  Adaptation,
  Evaluation,
  LearningDashboard,
  LearningExport,
  LearningHealth,
  LearningSession,
  LearningSessionQuery,
  LearningSessionRequest,
  LearningStatistics,
  Prediction,
  Trend,
  TypeStatistics,
} from '../client/trainer.ts'

const LONGEST_TEXT = 20_000

const text = z.string().max(LONGEST_TEXT)
const agentType = z.string().min(1).max(64)
const mode = z.enum(['continuous', 'batch', 'adaptive'])
const state = z.enum(['pending', 'running', 'completed', 'failed'])
const direction = z.enum(['improving', 'stable', 'declining'])
const count = z.int()
const number = z.number()
const nullableNumber = z.number().nullable()
const interval: z.ZodType<readonly [number, number]> = z.tuple([number, number])

const checks = z.array(z.strictObject({ name: z.string(), passed: z.boolean(), score: number, reason: z.string() }))
const evaluation: z.ZodType<Evaluation> = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('scored'), score: number, criteria: z.record(z.string(), number), checks }),
  z.strictObject({ state: z.literal('unscored'), reason: z.string(), checks }),
])

export const sessionRequest: z.ZodType<LearningSessionRequest> = z.strictObject({
  agentType,
  agent: agentId.exactOptional(),
  originalResponse: text,
  correction: text.exactOptional(),
  context: text.meta({ description: 'What the agent was asked, and what it knew' }),
  format: z.string().min(1).max(64),
  mode: mode.meta({ description: 'Default continuous; batch leaves it to a worker' }).exactOptional(),
  template: z.string().min(1).max(64).exactOptional(),
})

export const sessionQuery: z.ZodType<LearningSessionQuery> = pageQuery.extend({
  agentType: agentType.exactOptional(),
  agent: agentId.exactOptional(),
  state: state.exactOptional(),
})

export const session: z.ZodType<LearningSession> = z.strictObject({
  id,
  agentType: z.string(),
  agent: nullableText,
  mode,
  format: z.string(),
  state,
  context: z.string(),
  originalResponse: z.string(),
  correction: nullableText,
  improvedResponse: nullableText,
  before: evaluation.nullable(),
  after: evaluation.nullable(),
  improvement: nullableNumber,
  strategy: z.string(),
  adaptationId: nullableText,
  model: nullableText,
  durationMs: nullableNumber,
  failure: nullableText,
  actor: z.string(),
  createdAt: time,
  endedAt: nullableTime,
})

export const adaptation: z.ZodType<Adaptation> = z.strictObject({
  id,
  agentType: z.string(),
  cause: z.enum(['low_improvement', 'declining']),
  change: z.string(),
  state: z.enum(['active', 'switched_off']),
  effectiveness: nullableNumber,
  sessions: count,
  createdAt: time,
  updatedAt: time,
})

const tooFew = z.strictObject({ state: z.literal('too_few'), sessions: count, needed: count })
const trend: z.ZodType<Trend> = z.discriminatedUnion('state', [
  tooFew,
  z.strictObject({ state: z.literal('known'), sessions: count, mean: number, slope: number, direction }),
])

export const prediction: z.ZodType<Prediction> = z.discriminatedUnion('state', [
  tooFew,
  z.strictObject({
    state: z.literal('predicted'),
    id,
    agentType: z.string(),
    mean: number,
    interval,
    level: number,
    direction,
    factors: z.array(z.strictObject({ name: z.string(), value: number, effect: z.string() })),
    recommendations: z.array(z.string()),
    until: time,
    createdAt: time,
  }),
])

const typeStatistics: z.ZodType<TypeStatistics> = z.strictObject({
  agentType: z.string(),
  sessions: count,
  scored: count,
  failed: count,
  meanImprovement: nullableNumber,
  successRate: nullableNumber,
  variance: nullableNumber,
  meanDurationMs: nullableNumber,
  sessionsPerMinute: nullableNumber,
  deploymentRate: nullableNumber,
  specialization: nullableNumber,
  trend,
})

export const statistics: z.ZodType<LearningStatistics> = z.strictObject({
  types: z.array(typeStatistics),
  cache: z.strictObject({ hits: count, misses: count, hitRate: nullableNumber }),
  process: z.strictObject({ cpuMs: number, memoryBytes: number }),
  predictions: z.strictObject({
    settled: count,
    hits: count,
    hitRate: nullableNumber,
    interval: interval.nullable(),
  }),
})

export const dashboard: z.ZodType<LearningDashboard> = z.strictObject({
  agentType: z.string(),
  statistics: typeStatistics,
  prediction,
  adaptations: z.array(adaptation),
  suggestions: z.array(
    z.strictObject({
      from: z.string(),
      tag: z.string(),
      improvement: number,
      sessions: count,
      examples: z.array(z.string()),
    }),
  ),
  recent: z.array(session),
})

export const health: z.ZodType<LearningHealth> = z.strictObject({
  ready: z.boolean(),
  checks: z.record(z.string(), z.strictObject({ ok: z.boolean(), message: z.string().exactOptional() })),
})

export const byType: z.ZodType<{ agentType: string }> = z.strictObject({ agentType })

const kind = z.enum(['sessions', 'adaptations', 'predictions', 'playbooks'])
const names = kind.options.join('|')

/** Names with commas between them, as a query string has them. */
export const exportQuery: z.ZodType<{ kinds?: string; agentType?: string }> = z.strictObject({
  kinds: z
    .string()
    .regex(new RegExp(`^(?:${names})(?:,(?:${names})){0,3}$`))
    .meta({ description: 'sessions, adaptations, predictions, playbooks, with commas between them; default: all' })
    .exactOptional(),
  agentType: agentType.exactOptional(),
})

/** What such a query asks for. */
export function readExportQuery(query: unknown): Omit<LearningExport, 'signal'> {
  const { kinds, ...rest } = exportQuery.parse(query)
  return kinds === undefined ? rest : { ...rest, kinds: z.array(kind).parse(kinds.split(',')) }
}
