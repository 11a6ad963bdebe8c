import type { PageQuery } from '@preceptor/client'
import { agentId, id, nullableText, nullableTime, time } from '@preceptor/hono-middleware/routes'
import { z } from 'zod'
import type {
  Experiment,
  ExperimentRequest,
  ExperimentSubject,
  PairedResult,
  TrainingRequest,
  TrainingRun,
} from '../client/training.ts'

const points = z.number()

const pairedResult: z.ZodType<PairedResult> = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('too_few'), cases: z.int(), needed: z.int() }),
  z.strictObject({
    state: z.literal('tested'),
    cases: z.int(),
    unscored: z.int(),
    before: points,
    after: points,
    improvement: points,
    p: z.number(),
    interval: z.tuple([points, points]),
  }),
])

export const trainingRun: z.ZodType<TrainingRun> = z.strictObject({
  id,
  agentType: z.string(),
  state: z.enum(['pending', 'running', 'completed', 'failed']),
  cause: z.enum(['asked', 'automatic']),
  examples: z.int(),
  playbook: z.strictObject({ id, version: z.int() }).nullable(),
  test: pairedResult.nullable(),
  deployment: z.strictObject({ deployed: z.boolean(), reason: z.string() }).nullable(),
  failure: nullableText,
  actor: z.string(),
  createdAt: time,
  endedAt: nullableTime,
})

const version = z.int().min(1)
const subject: z.ZodType<ExperimentSubject> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('playbooks'), playbook: id, a: version.nullable(), b: version }),
  z.strictObject({ kind: z.literal('strategies'), a: z.string().max(64), b: z.string().max(64) }),
])

export const experiment: z.ZodType<Experiment> = z.strictObject({
  id,
  agentType: z.string(),
  subject,
  state: z.enum(['running', 'decided', 'inconclusive', 'stopped', 'failed']),
  winner: z.enum(['a', 'b']).nullable(),
  runs: z.int(),
  mostRuns: z.int(),
  evidence: z.number(),
  alpha: z.number(),
  meanA: points.nullable(),
  meanB: points.nullable(),
  reason: nullableText,
  actor: z.string(),
  createdAt: time,
  endedAt: nullableTime,
})

export const byId: z.ZodType<{ id: string }> = z.strictObject({ id })
export const byAgent: z.ZodType<{ agent: string }> = z.strictObject({ agent: agentId })

export const trainingRequest: z.ZodType<TrainingRequest> = z.strictObject({
  deploy: z.boolean().exactOptional(),
  tier: z.enum(['system', 'user', 'project']).exactOptional(),
  target: z.string().min(1).max(200).exactOptional(),
  share: z.number().gt(0).max(1).exactOptional(),
})

export const experimentRequest: z.ZodType<ExperimentRequest> = z.strictObject({
  agentType: z.string().min(1).max(64),
  subject,
  mostRuns: z.int().min(2).max(500).exactOptional(),
  alpha: z.number().min(0.001).max(0.2).exactOptional(),
})

export const typeQuery: z.ZodType<PageQuery & { readonly agentType?: string }> = z.strictObject({
  agentType: z.string().min(1).max(64).exactOptional(),
  limit: z.coerce.number().int().min(1).max(100).exactOptional(),
  cursor: z.string().min(1).max(1_024).exactOptional(),
})
