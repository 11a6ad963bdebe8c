import type { Maturity, Risk } from '@preceptor/client'
import { languageTag, textOf } from '../text/use-text.ts'
import { DATA } from './data-messages.ts'

/** Level of harm, with the shape that stands for it beside the colour. */
export const RISK_SHAPES: Readonly<Record<Risk, string>> = { safe: '●', medium: '■', high: '▲', critical: '⬣' }

/** What an agent has earned, with its shape. */
export const MATURITY_SHAPES: Readonly<Record<Maturity, string>> = {
  student: '◇',
  intern: '△',
  supervised: '◐',
  autonomous: '●',
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A length of time in its two largest units: `1 h 5 min`. */
export function duration(milliseconds: number): string {
  const t = textOf(DATA)
  const ms = Math.max(0, milliseconds)
  if (ms < MINUTE) return t('seconds', { seconds: Math.floor(ms / 1_000) })
  if (ms < HOUR) return t('minutes', { minutes: Math.floor(ms / MINUTE) })
  if (ms < DAY) {
    const [hours, minutes] = [Math.floor(ms / HOUR), Math.floor((ms % HOUR) / MINUTE)]
    return minutes === 0 ? t('hours', { hours }) : t('hoursAndMinutes', { hours, minutes })
  }
  const [days, hours] = [Math.floor(ms / DAY), Math.floor((ms % DAY) / HOUR)]
  return hours === 0 ? t('days', { days }) : t('daysAndHours', { days, hours })
}

const moments = new Map<string, Intl.DateTimeFormat>()

/** A time in the zone and the language of the reader. */
export function timeText(iso: string): string {
  const tag = languageTag()
  const moment = moments.get(tag) ?? new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' })
  moments.set(tag, moment)
  return moment.format(new Date(iso))
}

/** Several things in a row: `ana, ben`. */
export function listText(items: readonly string[]): string {
  return new Intl.ListFormat(languageTag(), { type: 'unit' }).format(items)
}

/** Principals without their kind where that is plain: `ana`, `billing-bot`, `service:sync`. */
export function personText(name: string): string {
  return name.replace(/^(?:user|agent):/, '')
}
