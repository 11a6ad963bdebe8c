import type { PageQuery } from '@preceptor/client'
import { id, jsonObject, nullableText, nullableTime, pageQuery, time } from '@preceptor/hono-middleware/routes'
import { z } from 'zod'
import type { WorkflowSchedule, WorkflowScheduleRequest } from '../client/workflows.ts'

const overlap = z.enum(['skip', 'allow'])

export const schedule: z.ZodType<WorkflowSchedule> = z.strictObject({
  id: z.string(),
  workflow: z.string(),
  cron: z.string(),
  timezone: z.string(),
  input: jsonObject,
  overlap,
  state: z.enum(['active', 'removed']),
  nextAt: nullableTime,
  last: z.nullable(z.strictObject({ at: time, run: nullableText, problem: nullableText })),
  createdBy: z.string(),
  createdAt: time,
})

export const scheduleBody: z.ZodType<WorkflowScheduleRequest> = z.strictObject({
  workflow: id,
  cron: z.string().max(200).meta({ description: 'Minute, hour, day of the month, month, day of the week' }),
  timezone: z.string().max(64).meta({ description: 'IANA name; default UTC' }).exactOptional(),
  input: jsonObject.exactOptional(),
  overlap: overlap.meta({ description: 'While the run before has not ended; default skip' }).exactOptional(),
})

export const scheduleQuery: z.ZodType<PageQuery & { readonly workflow?: string }> = pageQuery.extend({
  workflow: z.string().max(64).exactOptional(),
})
