import type {
  AnalyticsDecisions,
  AnalyticsMaturity,
  AnalyticsQuery,
  AnalyticsRange,
  AnalyticsReviewers,
  AnalyticsRouting,
  AnalyticsSummary,
  AnalyticsSupervision,
  AnalyticsSystem,
  AnalyticsTraining,
  Compared,
  PolicySimulation,
  ShadowQuery,
  ShadowReport,
  SimulatedRoute,
} from '@preceptor/client'
import { z } from 'zod'
import { agentId, jsonObject, maturity, nullableText, nullableTime, route, time } from './common-schemas.ts'
import { errorCode } from './decision-schemas.ts'

const moment = z.iso.datetime({ offset: true })
const capability = z.string().min(1).max(128)
const count = z.int().min(0)
const share = z.nullable(z.number().min(0).max(1))
const measured = z.nullable(z.number())

export const analyticsQuery: z.ZodType<AnalyticsQuery> = z.strictObject({
  from: moment.exactOptional(),
  to: moment.exactOptional(),
  agent: agentId.exactOptional(),
  capability: capability.exactOptional(),
})
export const systemQuery: z.ZodType<Pick<AnalyticsQuery, 'agent'>> = z.strictObject({ agent: agentId.exactOptional() })

const range: z.ZodType<AnalyticsRange> = z.strictObject({ from: time, to: time, bucket: z.enum(['hour', 'day']) })

function compared<Value extends number | null>(value: z.ZodType<Value>): z.ZodType<Compared<Value>> {
  return z.strictObject({ value, before: value })
}

export const summary: z.ZodType<AnalyticsSummary> = z.strictObject({
  range,
  waiting: z.strictObject({ proposals: count, trainingProposals: count, queue: count }),
  settled: compared(count),
  decided: compared(count),
  medianSeconds: compared(measured),
  p95Seconds: compared(measured),
  withoutPeople: compared(share),
  rejected: compared(share),
  edited: compared(share),
  expired: compared(share),
})

const outcomes = z.strictObject({
  approved: count,
  edited: count,
  rejected: count,
  responded: count,
  expired: count,
  cancelled: count,
  ran: count,
  supervised: count,
  blocked: count,
})

export const decisions: z.ZodType<AnalyticsDecisions> = z.strictObject({
  range,
  buckets: z.array(z.strictObject({ at: time, outcomes })),
  total: outcomes,
})

const byRoute = z.strictObject({
  execution: count,
  supervision: count,
  queue: count,
  proposal: count,
  training: count,
  denied: count,
})

export const routing: z.ZodType<AnalyticsRouting> = z.strictObject({
  range,
  total: count,
  routes: z.array(z.strictObject({ route, count, share })),
  sources: z.array(z.strictObject({ source: z.string(), count, share, routes: byRoute })),
})

export const maturityAnswer: z.ZodType<AnalyticsMaturity> = z.strictObject({
  range,
  population: z.array(
    z.strictObject({
      at: time,
      agents: z.strictObject({ student: count, intern: count, supervised: count, autonomous: count }),
    }),
  ),
  transitions: z.array(z.strictObject({ from: maturity, to: maturity, cause: z.string(), count })),
  stays: z.array(
    z.strictObject({
      maturity,
      ended: count,
      meanDays: measured,
      medianDays: measured,
      staying: count,
      stayingMeanDays: measured,
    }),
  ),
})

export const reviewersAnswer: z.ZodType<AnalyticsReviewers> = z.strictObject({
  range,
  reviewers: z.array(
    z.strictObject({
      reviewer: z.string(),
      kind: z.enum(['person', 'agent']),
      displayName: nullableText,
      decisions: count,
      approved: count,
      edited: count,
      rejected: count,
      responded: count,
      medianSeconds: measured,
      fastShare: share,
      editedShare: share,
      rejectedShare: share,
      rubberStamp: share,
      isFlagged: z.boolean(),
    }),
  ),
})

const target = z.strictObject({
  name: z.enum(['proposals_per_trigger', 'completion', 'gain_per_session', 'intern_within_14_days', 'days_to_intern']),
  comparison: z.enum(['below', 'above', 'at_least', 'at_most']),
  target: z.number(),
  actual: measured,
  of: count,
  isMet: z.nullable(z.boolean()),
})

export const trainingAnswer: z.ZodType<AnalyticsTraining> = z.strictObject({
  range,
  targets: z.array(target),
  sessions: z.strictObject({ completed: count, cancelled: count, failed: count }),
  gains: z.array(z.strictObject({ capability: z.string(), sessions: count, meanGain: z.number() })),
  blocked: z.strictObject({
    total: count,
    buckets: z.array(z.strictObject({ at: time, count })),
    sources: z.array(z.strictObject({ source: z.string(), count, share })),
  }),
})

export const supervisionAnswer: z.ZodType<AnalyticsSupervision> = z.strictObject({
  range,
  sessions: z.strictObject({ completed: count, terminated: count, failed: count }),
  interventions: z.strictObject({ pause: count, resume: count, correct: count, terminate: count, object: count }),
  rated: count,
  meanRating: z.nullable(z.number().min(1).max(5)),
  queue: z.strictObject({ waited: count, expired: count, medianWaitSeconds: measured }),
})

export const systemAnswer: z.ZodType<AnalyticsSystem> = z.strictObject({
  at: time,
  open: z.array(
    z.strictObject({
      kind: z.enum([
        'proposal',
        'training_proposal',
        'training_session',
        'supervision_session',
        'queue_entry',
        'alert',
      ]),
      open: count,
      oldestAt: nullableTime,
    }),
  ),
  journal: z.strictObject({ unsealed: count, oldestAt: nullableTime }),
  deliveries: z.strictObject({ pending: count, sending: count, delivered: count, failed: count, cancelled: count }),
  supervisorsOnline: count,
})

export const simulationBody: z.ZodType<{
  document: ReturnType<typeof jsonObject.parse>
  days?: number
  listed?: number
}> = z.strictObject({
  document: jsonObject,
  days: z.int().min(1).max(30).exactOptional(),
  listed: z.int().min(0).max(2_000).exactOptional(),
})

const simulatedRoute: z.ZodType<SimulatedRoute> = z.enum(['execution', 'supervision', 'proposal', 'training', 'denied'])

const shift = { before: simulatedRoute, after: simulatedRoute, count }

export const simulation: z.ZodType<PolicySimulation> = z.strictObject({
  from: time,
  to: time,
  total: count,
  looked: count,
  judged: count,
  unjudged: z.array(
    z.strictObject({
      reason: z.enum(['not_ruled', 'action_gone', 'args_hidden', 'limit_differs', 'policy_gone', 'not_reproduced']),
      count,
    }),
  ),
  differing: count,
  routes: z.array(z.strictObject(shift)),
  looser: count,
  actions: z.array(z.strictObject({ action: z.string(), ...shift })),
  agents: z.array(z.strictObject({ agent: z.string(), ...shift })),
  differences: z.array(
    z.strictObject({
      id: z.string(),
      agent: z.string(),
      action: z.string(),
      decidedAt: time,
      before: simulatedRoute,
      after: simulatedRoute,
      code: z.nullable(errorCode),
      reason: z.string(),
    }),
  ),
})

const shadowed = {
  ran: count,
  would: z.strictObject({ execution: count, supervision: count, proposal: count, training: count, denied: count }),
}

export const shadowQuery: z.ZodType<ShadowQuery> = z.strictObject({ since: time.exactOptional() })

export const shadowReport: z.ZodType<ShadowReport> = z.strictObject({
  from: time,
  to: time,
  capabilities: z.array(
    z.strictObject({
      capability: z.string(),
      isShadowed: z.boolean(),
      ...shadowed,
      agents: z.array(z.strictObject({ agent: z.string(), ...shadowed })),
      actions: z.array(z.strictObject({ action: z.string(), ...shadowed })),
    }),
  ),
  latest: z.array(
    z.strictObject({
      id: z.string(),
      agent: z.string(),
      action: z.string(),
      capability: z.string(),
      decidedAt: time,
      would: z.enum(['supervision', 'proposal', 'training', 'denied']),
      code: z.nullable(errorCode),
      reason: z.string(),
    }),
  ),
})
