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
const DAY_MS = 86_400_000
const OFFSET = /GMT([+-])(\d+):(\d+)(?::(\d+))?/
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

/**
 * The first time after another one that fits, in milliseconds; always a whole minute. A time of day that the clocks leave out
 * is made up by as much as they go forward; one that comes twice is taken once, unless the pattern fits each hour of it.
 */
export function nextTime({ cron, timezone }: SchedulePattern, after: number): number {
  const next = nextOf(cron, timezone, after)
  // The parser passes over midnight where the clocks leave it out: on the face of a clock it is there.
  const face = nextOf(cron, 'UTC', after + offsetAt(timezone, after))
  const shown = instantOf(timezone, face)
  return shown > after && shown < next ? shown : next
}

function nextOf(cron: string, timezone: string, after: number): number {
  const options = { currentDate: new Date(after), tz: timezone, strict: true }
  return CronExpressionParser.parse(`0 ${cron}`, options).next().getTime()
}

/** The first moment at which clocks show something; what they leave out, as if they had not been moved yet. */
function instantOf(timezone: string, face: number): number {
  const before = face - offsetAt(timezone, face - DAY_MS)
  const afterwards = face - offsetAt(timezone, face + DAY_MS)
  const shown = [before, afterwards].filter((moment) => moment + offsetAt(timezone, moment) === face)
  return shown.length === 0 ? before : Math.min(...shown)
}

/** How far clocks are ahead of UTC at a moment, in milliseconds. */
function offsetAt(timezone: string, moment: number): number {
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' })
  const name = format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] = OFFSET.exec(name) ?? []
  const size = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000
  return sign === '-' ? -size : size
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
