import type {
  Alert,
  AlertAudience,
  AlertCode,
  AlertPreview,
  AlertQuery,
  AlertRule,
  AlertRuleChange,
  AlertSettings,
  AlertSeverity,
} from '@preceptor/client'
import { z } from 'zod'
import { nullableText, nullableTime, pageQuery, time } from './common-schemas.ts'

export const alertCode: z.ZodType<AlertCode> = z.enum([
  'NO_EXECUTOR',
  'NO_APPROVER',
  'DELIVERY_FAILED',
  'QUEUE_POISON',
  'REVIEWER_SUSPENDED',
  'BYPASS_ACTIVE',
  'BREAKER_OPEN',
  'AGENT_STUCK',
  'PROPOSAL_EXPIRING',
  'QUEUE_EXPIRING',
  'TRAINING_UNDECIDED',
  'NO_SUPERVISOR',
  'AGENT_UNUSUAL',
  'OUTCOME_UNKNOWN',
  'JOURNAL_BROKEN',
  'JOURNAL_UNSEALED',
  'JOURNAL_UNVERIFIED',
  'REVIEWER_DRIFT',
  'TRAINING_BEHIND',
])

const severity: z.ZodType<AlertSeverity> = z.enum(['info', 'warning', 'critical'])

export const alert: z.ZodType<Alert> = z.strictObject({
  id: z.string(),
  code: alertCode,
  severity,
  subjectId: z.string(),
  agent: nullableText,
  message: z.string(),
  raisedAt: time,
  clearedAt: nullableTime,
  acknowledgedBy: nullableText,
  mutedUntil: nullableTime,
})

export const alertQuery: z.ZodType<AlertQuery> = pageQuery.extend({
  state: z.enum(['open', 'cleared']).exactOptional(),
  severity: z.enum(['info', 'warning', 'critical']).exactOptional(),
})

export const muteBody: z.ZodType<{ until: string }> = z.strictObject({ until: z.iso.datetime({ offset: true }) })

export const alertRule: z.ZodType<AlertRule> = z.strictObject({
  code: alertCode,
  severity,
  isOn: z.boolean(),
  canTurnOff: z.boolean(),
  thresholds: z.array(
    z.strictObject({
      name: z.string(),
      unit: z.enum(['seconds', 'minutes', 'hours', 'days', 'count', 'percent', 'deviations']),
      value: z.int(),
      default: z.int(),
      min: z.int(),
      max: z.int(),
    }),
  ),
  revision: z.int(),
  changedBy: nullableText,
  changedAt: nullableTime,
  reason: nullableText,
})

export const alertAudience: z.ZodType<AlertAudience> = z.strictObject({
  target: z.string(),
  from: severity,
  changedBy: z.string(),
  changedAt: time,
})

export const alertSettings: z.ZodType<AlertSettings> = z.strictObject({
  rules: z.array(alertRule),
  audiences: z.array(alertAudience),
})

const thresholds = z.record(z.string().max(64), z.number())

export const alertRuleBody: z.ZodType<AlertRuleChange> = z.strictObject({
  isOn: z.boolean().exactOptional(),
  thresholds: thresholds.exactOptional(),
  basedOn: z.int().min(0),
  reason: z.string().max(1_000),
})

export const previewBody: z.ZodType<Pick<AlertRuleChange, 'thresholds'>> = z.strictObject({
  thresholds: thresholds.exactOptional(),
})

export const alertPreview: z.ZodType<AlertPreview> = z.strictObject({
  code: alertCode,
  count: z.int(),
  causes: z.array(z.strictObject({ subjectId: z.string(), agent: nullableText, message: z.string() })),
})

export const audienceBody: z.ZodType<{ from: AlertSeverity }> = z.strictObject({ from: severity })
