import type {
  BlockedTriggerQuery,
  Scenario,
  ScenarioAnswer,
  ScenarioGrader,
  ScenarioRun,
  TrainingApproval,
  TrainingSession,
  TrainingSessionDetail,
} from '@preceptor/client'
import { z } from 'zod'
import {
  agentId,
  id,
  jsonObject,
  jsonValue,
  maturity,
  nullableText,
  nullableTime,
  pageQuery,
  reason,
  time,
} from './common-schemas.ts'

const share = z.number().min(0).max(1)
const texts = z.array(z.string())

const session = {
  id: z.string(),
  agent: agentId,
  trainingProposalId: z.string(),
  capability: z.string(),
  gaps: texts,
  state: z.enum(['scheduled', 'in_progress', 'paused', 'completed', 'cancelled', 'failed']),
  durationHours: z.number(),
  hoursPerDay: z.number(),
  startsAt: time,
  endsAt: time,
  approvedBy: z.string(),
  progress: z.strictObject({ of: z.int(), answered: z.int(), graded: z.int() }),
  score: z.nullable(share),
  typed: z.boolean(),
  scoredBy: texts,
  developed: texts,
  remaining: texts,
  maturityBefore: z.nullable(maturity),
  maturityAfter: z.nullable(maturity),
  missing: texts,
  measuredHours: z.number(),
  startedAt: nullableTime,
  endedAt: nullableTime,
  endReason: nullableText,
  createdAt: time,
  updatedAt: time,
}

export const trainingSession: z.ZodType<TrainingSession> = z.strictObject(session)

const at = z.string().meta({ description: 'JSON Pointer of the part that counts' }).exactOptional()

const scenarioGrader: z.ZodType<ScenarioGrader> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exact'), expected: jsonValue, at }),
  z.strictObject({ kind: z.literal('json_schema'), schema: jsonObject }),
  z.strictObject({ kind: z.literal('cel'), condition: z.string() }),
  z.strictObject({ kind: z.literal('numeric'), expected: z.number(), tolerance: z.number(), at }),
  z.strictObject({ kind: z.literal('human'), instructions: z.string() }),
  z.strictObject({ kind: z.literal('rubric'), rubric: z.string() }),
])

export const scenario: z.ZodType<Scenario> = z.strictObject({
  id: z.string(),
  version: z.int(),
  topic: z.string(),
  capability: z.string(),
  task: z.string(),
  input: jsonObject,
  grader: scenarioGrader,
  weight: z.number(),
})

const scenarioRun: z.ZodType<ScenarioRun> = z.strictObject({
  scenario: z.string(),
  version: z.int(),
  position: z.int(),
  topic: z.string(),
  capability: z.string(),
  weight: z.number(),
  task: z.string(),
  input: jsonObject,
  grader: z.nullable(scenarioGrader),
  gradedByPerson: z.boolean(),
  attempts: z.int(),
  answer: jsonValue,
  answeredBy: nullableText,
  answeredAt: nullableTime,
  score: z.nullable(share),
  feedback: nullableText,
  gradedBy: nullableText,
  gradedAt: nullableTime,
})

export const trainingSessionDetail: z.ZodType<TrainingSessionDetail> = z.strictObject({
  ...session,
  scenarios: z.array(scenarioRun),
})

export const trainingApproval: z.ZodType<TrainingApproval> = z.strictObject({
  durationHours: z.number().gt(0).max(400).exactOptional(),
  hoursPerDay: z.number().gt(0).max(24).exactOptional(),
})

export const scenarioAnswer: z.ZodType<ScenarioAnswer> = z.strictObject({
  scenario: z.string().min(1).max(300),
  answer: jsonValue.exactOptional(),
  score: share.exactOptional(),
  feedback: z.string().min(1).max(2_000).exactOptional(),
})

/** The body of a completion: nothing, or what a trainer types. */
export const completionBody: z.ZodType<{ readonly score?: number; readonly reason?: string }> = z
  .strictObject({ score: share.exactOptional(), reason: reason.exactOptional() })
  .refine(({ score, reason }) => (score === undefined) === (reason === undefined), 'a typed score needs a reason')

export const blockedTriggerQuery: z.ZodType<BlockedTriggerQuery> = pageQuery.extend({
  agent: agentId.exactOptional(),
  state: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .meta({ description: '`open`, `offered`, `resolved`, or `active` for the first two' })
    .exactOptional(),
  proposal: id.meta({ description: 'Those behind this training proposal only' }).exactOptional(),
})
