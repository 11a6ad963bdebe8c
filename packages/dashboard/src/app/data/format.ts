import type { Maturity, Proposal, Risk } from '@preceptor/client'

/** Words of the states, for people. */
export const STATE_WORDS: Readonly<Record<Proposal['state'], string>> = {
  pending: 'Waiting',
  approved: 'Approved',
  executing: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  outcome_unknown: 'Outcome unknown',
  rejected: 'Rejected',
  responded: 'Answered',
  expired: 'Expired',
  cancelled: 'Cancelled',
}

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
  const ms = Math.max(0, milliseconds)
  if (ms < MINUTE) return `${Math.floor(ms / 1_000)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) return pair(Math.floor(ms / HOUR), 'h', Math.floor((ms % HOUR) / MINUTE), 'min')
  return pair(Math.floor(ms / DAY), 'd', Math.floor((ms % DAY) / HOUR), 'h')
}

function pair(first: number, unit: string, second: number, rest: string): string {
  return second === 0 ? `${first} ${unit}` : `${first} ${unit} ${second} ${rest}`
}

const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

/** A time in the zone of the reader. */
export function timeText(iso: string): string {
  return moment.format(new Date(iso))
}

/** Principals without their kind where that is plain: `ana`, `billing-bot`, `service:sync`. */
export function personText(name: string): string {
  return name.replace(/^(?:user|agent):/, '')
}

/** `1 approval`, `2 approvals`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
