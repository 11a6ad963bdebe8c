import { type AnalyticsQuery, type AnalyticsRange, GovernanceError } from '@preceptor/client'
import { z } from 'zod'
import type { Actor } from '../access/actor.ts'
import { agentFilter, authorize } from '../access/authorize.ts'
import { parseInput } from '../access/parse-input.ts'
import type { Operation } from '../access/permissions.ts'
import type { GovernorContext } from '../context.ts'
import { isoTime } from '../kernel/clock.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const DEFAULT_DAYS = 30
const MOST_DAYS = 366
const HOURLY_DAYS = 3
/** Nothing is older, and the period before a range must be a time as well. */
const EARLIEST_MS = Date.UTC(2000, 0, 1)

const time = z.iso.datetime({ offset: true }).optional()
const name = z.string().min(1).max(128).nullable().default(null)
const input = z.strictObject({ from: time, to: time, agent: name, capability: name })

/** What an analysis looks at: its range, and what of the workspace. */
export interface Analysis {
  readonly range: AnalyticsRange
  readonly agent: string | null
  /** The agents that the caller may see; null: all of them. */
  readonly only: readonly string[] | null
  readonly capability: string | null
}

/**
 * Checks what an analysis is asked for, and by whom.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`.
 */
export function analysisOf(
  { clock }: Pick<GovernorContext, 'clock'>,
  actor: Actor,
  asked: { readonly operation: Operation; readonly query: AnalyticsQuery },
): Analysis {
  const { from, to, agent, capability } = parseInput(input, asked.query, 'query')
  authorize(actor, asked.operation, agent === null ? {} : { agent })
  const end = to === undefined ? clock.now() : Date.parse(to)
  const begin = from === undefined ? end - DEFAULT_DAYS * DAY_MS : Date.parse(from)
  assertRange(begin, end)
  const bucket = end - begin <= HOURLY_DAYS * DAY_MS ? 'hour' : 'day'
  return { range: { from: isoTime(begin), to: isoTime(end), bucket }, agent, only: agentFilter(actor), capability }
}

function assertRange(begin: number, end: number): void {
  if (begin < EARLIEST_MS) throw new GovernanceError('INPUT_INVALID', { message: 'query.from: before the year 2000.' })
  if (end <= begin) throw new GovernanceError('INPUT_INVALID', { message: 'query.to: not after `from`.' })
  if (end - begin > MOST_DAYS * DAY_MS) {
    throw new GovernanceError('INPUT_INVALID', { message: `query.from: more than ${MOST_DAYS} days before \`to\`.` })
  }
}

/** The same of the period of the same length right before. */
export function periodBefore(analysis: Analysis): Analysis {
  const { from, to, bucket } = analysis.range
  const begin = Date.parse(from)
  return { ...analysis, range: { from: isoTime(2 * begin - Date.parse(to)), to: from, bucket } }
}

/** A span of time: from, and up to but without, a moment (ISO 8601). */
export interface TimeSpan {
  readonly from: string
  readonly to: string
}

/** The hours (UTC) that lie in a span as a whole; null when there are none. */
export function wholeHoursOf({ from, to }: TimeSpan): TimeSpan | null {
  const first = Math.ceil(Date.parse(from) / HOUR_MS) * HOUR_MS
  const end = Math.floor(Date.parse(to) / HOUR_MS) * HOUR_MS
  return first < end ? { from: isoTime(first), to: isoTime(end) } : null
}

/** The days (UTC) that lie in a span as a whole; null when there are none. */
export function wholeDaysOf({ from, to }: TimeSpan): TimeSpan | null {
  const first = Math.ceil(Date.parse(from) / DAY_MS) * DAY_MS
  const end = Math.floor(Date.parse(to) / DAY_MS) * DAY_MS
  return first < end ? { from: isoTime(first), to: isoTime(end) } : null
}

/** Begins of the buckets of a range in UTC, the oldest first. */
export function bucketsOf({ from, to, bucket }: AnalyticsRange): readonly string[] {
  const width = bucket === 'hour' ? HOUR_MS : DAY_MS
  const first = Math.floor(Date.parse(from) / width) * width
  const count = Math.ceil((Date.parse(to) - first) / width)
  return Array.from({ length: count }, (_, index) => isoTime(first + index * width))
}
