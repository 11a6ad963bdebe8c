import type {
  Intervention,
  InterventionRequest,
  RunEvent,
  SessionEvent,
  SessionEventQuery,
  SessionRating,
  SessionStep,
  SupervisionSession,
  SupervisionSessionDetail,
} from '@preceptor/client'
import { z } from 'zod'
import { agentId, jsonObject, nullableText, nullableTime, reason, risk, time } from './common-schemas.ts'

const session = {
  id: z.string(),
  agent: agentId,
  run: z.string(),
  decisionId: z.string(),
  action: z.string(),
  state: z.enum(['starting', 'running', 'pausing', 'paused', 'correcting', 'completed', 'terminated', 'failed']),
  supervisorId: nullableText,
  supervisorLeaseExpiresAt: nullableTime,
  handedTo: nullableText,
  pausedBy: nullableText.meta({ description: '`lease` where nobody watched any more' }),
  rating: z.nullable(z.int()),
  feedback: nullableText,
  ratedBy: nullableText,
  createdAt: time,
  startedAt: nullableTime,
  endedAt: nullableTime,
  endReason: nullableText,
}

export const supervisionSession: z.ZodType<SupervisionSession> = z.strictObject(session)

const step: z.ZodType<SessionStep> = z.strictObject({
  id: z.string(),
  action: z.string(),
  args: jsonObject,
  correctedArgs: z.nullable(jsonObject),
  risk,
  state: z.enum(['waiting', 'started', 'withheld']),
  startsAt: nullableTime,
  objectedBy: nullableText,
  createdAt: time,
  endedAt: nullableTime,
})

const intervention: z.ZodType<Intervention> = z.strictObject({
  id: z.string(),
  type: z.enum(['pause', 'resume', 'correct', 'terminate', 'object']),
  guidance: nullableText,
  step: nullableText,
  reason: nullableText,
  requestedBy: z.string(),
  requestedAt: time,
  appliedAt: nullableTime,
})

export const supervisionSessionDetail: z.ZodType<SupervisionSessionDetail> = z.strictObject({
  ...session,
  inFlight: z.int().meta({ description: 'Steps that have started and not ended' }),
  steps: z.array(step),
  interventions: z.array(intervention),
})

/** One event of a session. */
export const sessionEvent: z.ZodType<SessionEvent> = z.strictObject({
  sequence: z.int(),
  kind: z.string(),
  body: jsonObject,
  at: time,
})

export const sessionEvents: z.ZodType<{ readonly items: readonly SessionEvent[] }> = z.strictObject({
  items: z.array(sessionEvent),
})

export const sessionEventQuery: z.ZodType<SessionEventQuery> = z.strictObject({
  after: z.coerce.number().int().min(0).exactOptional(),
  limit: z.coerce.number().int().min(1).max(500).exactOptional(),
}) as unknown as z.ZodType<SessionEventQuery>

/** Body of an intervention. */
export const interventionBody: z.ZodType<InterventionRequest> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('pause'), reason: reason.exactOptional() }),
  z.strictObject({ type: z.literal('resume'), reason: reason.exactOptional() }),
  z.strictObject({
    type: z.literal('correct'),
    guidance: z.string().min(1).max(4_000).exactOptional(),
    args: jsonObject.exactOptional(),
    step: z.string().min(1).max(128).exactOptional(),
  }),
  z.strictObject({ type: z.literal('terminate'), reason }),
])

/** Body of an objection. */
export const objectionBody: z.ZodType<{ readonly step: string; readonly reason: string }> = z.strictObject({
  step: z.string().min(1).max(128),
  reason,
})

/** Body of a hand-over. */
export const handOverBody: z.ZodType<{ readonly to: string }> = z.strictObject({ to: z.string().min(1).max(128) })

/** Body of a take-over. */
export const takeOverBody: z.ZodType<{ readonly reason: string }> = z.strictObject({ reason })

/** Body of a rating. */
export const ratingBody: z.ZodType<SessionRating> = z.strictObject({
  rating: z.int().min(1).max(5),
  feedback: z.string().min(1).max(4_000).exactOptional(),
})

const MOST_SAID = 100
const said = z.string().max(100_000)

/** What a run in another process says. */
export const emitBody: z.ZodType<{
  readonly agent: string
  readonly fence: number
  readonly events: readonly RunEvent[]
}> = z.strictObject({
  agent: agentId,
  fence: z.int().min(1),
  events: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('log'), level: z.enum(['debug', 'info', 'warn', 'error']), message: said }),
        z.strictObject({ kind: z.literal('progress'), value: z.number().min(0).max(1), message: said.exactOptional() }),
        z.strictObject({ kind: z.literal('output'), text: said }),
      ]),
    )
    .max(MOST_SAID),
})
