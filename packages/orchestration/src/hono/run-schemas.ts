import { ERROR_CODES, type ErrorCode } from '@preceptor/client'
import {
  id,
  jsonObject,
  jsonValue,
  nullableText,
  nullableTime,
  pageQuery,
  reason,
  time,
} from '@preceptor/hono-middleware/routes'
import { z } from 'zod'
import { STEP_TYPES } from '../client/workflow-definition.ts'
import {
  type ApprovalAnswer,
  type ExpectedStep,
  RUN_STATES,
  STEP_STATES,
  type StepResolution,
  type WorkflowExecution,
  type WorkflowFailure,
  type WorkflowRun,
  type WorkflowRunDetail,
  type WorkflowRunQuery,
  type WorkflowStepRun,
} from '../client/workflows.ts'
import { version } from './workflow-schemas.ts'

const maturity = z.enum(['student', 'intern', 'supervised', 'autonomous'])
const route = z.enum(['execution', 'supervision', 'queue', 'proposal', 'training', 'denied'])
const code: z.ZodType<ErrorCode> = z.enum(Object.keys(ERROR_CODES) as ErrorCode[])

const failure: z.ZodType<WorkflowFailure | null> = z.nullable(
  z.strictObject({ step: z.string(), code, message: z.string() }),
)

const expected: z.ZodType<ExpectedStep> = z.strictObject({
  step: z.string(),
  agent: z.string(),
  action: z.string(),
  route: z.nullable(route),
  maturity: z.nullable(maturity),
})

const runFields = {
  id: z.string(),
  workflow: z.string(),
  version: z.int(),
  state: z.enum(RUN_STATES),
  input: jsonObject,
  output: jsonValue,
  failure,
  startedBy: z.string(),
  schedule: nullableText,
  expected: z.array(expected),
  createdAt: time,
  endedAt: nullableTime,
}

export const run: z.ZodType<WorkflowRun> = z.strictObject(runFields)

const step: z.ZodType<WorkflowStepRun> = z.strictObject({
  id: z.string(),
  step: z.string(),
  type: z.enum(STEP_TYPES),
  visit: z.int(),
  branch: nullableText,
  state: z.enum(STEP_STATES),
  attempts: z.int(),
  agent: nullableText,
  action: nullableText,
  proposal: nullableText,
  queueEntry: nullableText,
  output: jsonValue,
  failure,
  note: nullableText,
  dueAt: nullableTime,
  startedAt: nullableTime,
  endedAt: nullableTime,
})

export const runDetail: z.ZodType<WorkflowRunDetail> = z.strictObject({ ...runFields, steps: z.array(step) })

export const executionBody: z.ZodType<WorkflowExecution> = z.strictObject({
  input: jsonObject.exactOptional(),
  version: version.exactOptional(),
})

export const runQuery: z.ZodType<WorkflowRunQuery> = pageQuery.extend({
  workflow: z.string().max(64).exactOptional(),
  state: z.enum(RUN_STATES).exactOptional(),
})

export const byRunAndStep: z.ZodType<{ id: string; step: string }> = z.strictObject({ id, step: id })

export const resolutionBody: z.ZodType<StepResolution> = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('succeeded'), output: jsonValue.exactOptional(), reason }),
  z.strictObject({ outcome: z.literal('failed'), reason }),
])

export const answerBody: z.ZodType<ApprovalAnswer> = z.strictObject({
  approved: z.boolean(),
  version: z.int().min(1),
  actionHash: z.string().length(64),
  comment: z.string().min(1).max(2_000).meta({ description: 'Needed where it is not approved' }).exactOptional(),
  data: jsonObject.meta({ description: 'What is approved instead of what was asked' }).exactOptional(),
})
