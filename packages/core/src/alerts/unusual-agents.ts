import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Cause, RuleMoment } from './standing-rule.ts'
import { type HourlyCounts, listHourlyCounts, type Measure } from './unusual-alert-store.ts'
import { type Unusual, type UnusualRule, unusualHour } from './unusual-hour.ts'

const HOUR_MS = 3_600_000
/** Hours of the past that an hour is held against: four weeks. */
const PAST_HOURS = 28 * 24
const DAY = 24
const WEEK = 168

/** What is unusual in one hour. */
interface UnusualCount extends Unusual {
  readonly measure: Measure
}

/**
 * Active agents of which the present hour, or the last one that is over, lies far from their past: they attempt, are refused or fail
 * far more often, or attempt many times what they have not attempted for four weeks.
 */
export async function findUnusualAgents(tx: Tx, { now, thresholds }: RuleMoment): Promise<readonly Cause[]> {
  const { deviations = 0, count = 0, hours = 0 } = thresholds
  const rule: UnusualRule = { deviations, count, hours }
  const present = Math.floor(now / HOUR_MS)
  const counted = await listHourlyCounts(tx, {
    from: isoTime((present - 1 - PAST_HOURS) * HOUR_MS),
    recent: isoTime((present - 1) * HOUR_MS),
    least: count,
  })
  const pasts = new Map(counted.filter(({ measure }) => measure === 'attempts').map((one) => [one.agent, one]))
  const found = new Map<string, UnusualCount>()
  for (const one of counted) {
    const unusual = unusualOf(one, { present, rule, attempts: pasts.get(one.agent) })
    const known = found.get(one.agent)
    if (unusual !== undefined && (known === undefined || known.deviations < unusual.deviations)) {
      found.set(one.agent, unusual)
    }
  }
  return [...found].map(([agent, { measure, count: total, usual }]) => ({
    subject: agent,
    agent,
    facts: { measure, count: total, usual },
  }))
}

interface Held {
  /** The present hour, in hours since 1970. */
  readonly present: number
  readonly rule: UnusualRule
  readonly attempts: HourlyCounts | undefined
}

function unusualOf(counted: HourlyCounts, { present, rule, attempts }: Held): UnusualCount | undefined {
  const { measure } = counted
  const recent = [present - 1, present].flatMap((hour) => {
    // An agent is known by the hours in which it attempted something, however seldom it was refused or failed in them.
    const base = hoursBefore(measure === 'attempts' ? counted : attempts, hour)
    const own = new Map(hoursBefore(counted, hour))
    const past = base.map(([at]) => [at, own.get(at) ?? 0] as const)
    const at = (period: number) => past.filter(([one]) => (hour - one) % period === 0).map(([, count]) => count)
    const unusual = unusualHour(
      counted.counts[counted.hours.indexOf(hour)] ?? 0,
      { all: past.map(([, count]) => count), sameHour: at(DAY), sameWeekHour: at(WEEK) },
      rule,
    )
    return unusual === undefined ? [] : [{ ...unusual, measure }]
  })
  return recent.sort((a, b) => b.deviations - a.deviations)[0]
}

function hoursBefore(counted: HourlyCounts | undefined, hour: number): readonly (readonly [number, number])[] {
  if (counted === undefined) return []
  return counted.hours.flatMap((at, index) =>
    at < hour && at >= hour - PAST_HOURS ? [[at, counted.counts[index] ?? 0] as const] : [],
  )
}
