import { GovernanceError } from '@preceptor/client'
import { CronExpressionParser } from 'cron-parser'

/** When a schedule is due. */
export interface SchedulePattern {
  /** Five fields. */
  readonly cron: string
  /** IANA name. */
  readonly timezone: string
}

const FIELDS = 5
const LONGEST_PATTERN = 200
const LONGEST_ZONE = 64
const ZONE = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/
// The parser would draw a time by lot for it, in each process another one.
const DRAWN = /(?<![A-Z])H(?![A-Z])/i

/**
 * Reads a pattern of five fields and the name of a timezone.
 *
 * @throws GovernanceError `INPUT_INVALID` saying what is wrong with which of them, also where no time ever fits.
 */
export function parsePattern(
  { cron, timezone }: SchedulePattern,
  now: number,
): { readonly pattern: SchedulePattern; readonly nextAt: number } {
  const fields = cron.trim().split(/\s+/)
  if (cron.length > LONGEST_PATTERN || fields.length !== FIELDS) {
    throw invalid('cron', `a pattern has ${FIELDS} fields: minute, hour, day of the month, month, day of the week`)
  }
  if (DRAWN.test(cron)) throw invalid('cron', '"H" is not taken')
  if (timezone.length > LONGEST_ZONE || !ZONE.test(timezone) || !isZone(timezone)) {
    throw invalid('timezone', 'the IANA name of a timezone is needed, such as Europe/Berlin')
  }
  const pattern = { cron: fields.join(' '), timezone }
  try {
    return { pattern, nextAt: nextTime(pattern, now) }
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : 'no time fits'
    throw invalid('cron', said.replace(/[.!]+$/, ''), cause)
  }
}

/** The first time after another one that fits, in milliseconds; always a whole minute. */
export function nextTime({ cron, timezone }: SchedulePattern, after: number): number {
  const expression = CronExpressionParser.parse(`0 ${cron}`, {
    currentDate: new Date(after),
    tz: timezone,
    strict: true,
  })
  return expression.next().getTime()
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function invalid(field: 'cron' | 'timezone', problem: string, cause?: unknown): GovernanceError {
  return new GovernanceError('INPUT_INVALID', {
    message: `schedule.${field}: ${problem}.`,
    details: { fields: [field] },
    ...(cause === undefined ? {} : { cause }),
  })
}
