import type { JsonObject, PageQuery } from '@preceptor/client'
import { id, jsonObject, nullableText, nullableTime, pageQuery, time } from '@preceptor/hono-middleware/routes'
import { z } from 'zod'
import { type DefinitionProblem, STEP_TYPES, type WorkflowDefinition } from '../client/workflow-definition.ts'
import {
  type ListedWorkflow,
  RUN_STATES,
  type Workflow,
  type WorkflowDrawing,
  type WorkflowVersion,
} from '../client/workflows.ts'

const HIGHEST_VERSION = 2_000_000_000
const MOST_STEPS = 200

const text = { type: 'string' }

/** What is said of a definition here; all that can be wrong with one, and where, its use case says. */
const DEFINITION: JsonObject = {
  description: 'A workflow as people write it; `{ "$cel": "…" }` stands for the value of an expression',
  required: ['name', 'agent', 'steps'],
  properties: {
    name: { ...text, minLength: 1, maxLength: 100 },
    description: text,
    agent: { ...text, description: 'In whose name steps act that name no other' },
    input: { type: 'object', description: 'JSON Schema of the input' },
    steps: {
      type: 'array',
      minItems: 1,
      maxItems: MOST_STEPS,
      description: 'The first begins. A parallel step holds `branches`, each with a name and steps of its own',
      items: { type: 'object', required: ['id', 'type'], properties: { id: text, type: { enum: [...STEP_TYPES] } } },
    },
    output: { description: 'What a run gives; default: the output of its last step' },
  },
}

// It comes as an object of JSON. A schema here would refuse one with another error than the use case, which lists all problems.
const definition = jsonObject.meta(DEFINITION) as unknown as z.ZodType<WorkflowDefinition>

export const version: z.ZodInt = z.int().min(1).max(HIGHEST_VERSION)
export const byId: z.ZodType<{ id: string }> = z.strictObject({ id })
export const definitionBody: z.ZodType<WorkflowDefinition> = definition

export const changeBody: z.ZodType<{ definition: WorkflowDefinition; base: number; note?: string }> = z.strictObject({
  definition,
  base: version.meta({ description: 'The version that was changed' }),
  note: z.string().min(1).max(1_000).exactOptional(),
})

export const drawingQuery: z.ZodType<{ version?: number }> = z.strictObject({
  version: z.coerce.number().int().min(1).max(HIGHEST_VERSION).exactOptional(),
})

export const workflowPage: z.ZodType<PageQuery> = pageQuery

const workflowFields = {
  id: z.string(),
  name: z.string(),
  version: z.int(),
  state: z.enum(['active', 'archived']),
  definition,
  createdBy: z.string(),
  createdAt: time,
  updatedAt: time,
}

export const workflow: z.ZodType<Workflow> = z.strictObject(workflowFields)

export const listedWorkflow: z.ZodType<ListedWorkflow> = z.strictObject({
  ...workflowFields,
  lastRun: z.nullable(z.strictObject({ id: z.string(), state: z.enum(RUN_STATES), createdAt: time })),
  schedules: z.array(z.strictObject({ id: z.string(), cron: z.string(), timezone: z.string(), nextAt: nullableTime })),
})

export const workflowVersion: z.ZodType<WorkflowVersion> = z.strictObject({
  workflow: z.string(),
  version: z.int(),
  definition,
  note: nullableText,
  createdBy: z.string(),
  createdAt: time,
})

export const drawing: z.ZodType<WorkflowDrawing> = z.strictObject({
  workflow: z.string(),
  version: z.int(),
  mermaid: z.string(),
})

const problem: z.ZodType<DefinitionProblem> = z.strictObject({
  path: z.string(),
  code: z.enum([
    'malformed',
    'duplicate_step',
    'unknown_step',
    'unreachable_step',
    'cycle_without_wait',
    'expression_invalid',
    'unknown_reference',
    'schema_invalid',
  ]),
  message: z.string(),
})

export const problems: z.ZodType<{ problems: readonly DefinitionProblem[] }> = z.strictObject({
  problems: z.array(problem),
})
