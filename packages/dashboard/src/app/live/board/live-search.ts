import { QUEUE_STATES } from '@preceptor/client'

/** What the sessions of the board can be narrowed to. */
export const SESSION_STATES = [
  'active',
  'starting',
  'running',
  'paused',
  'completed',
  'terminated',
  'failed',
  'all',
] as const

/** A state of sessions, `active` for those that go on, or `all`. */
export type SessionFilter = (typeof SESSION_STATES)[number]

/** What the queue can be narrowed to: those that have not ended, those of a state, or all. */
export const QUEUE_FILTERS = ['active', ...QUEUE_STATES, 'all'] as const

/** A state of queue entries, `active`, or `all`. */
export type QueueFilter = (typeof QUEUE_FILTERS)[number]

/** What the address of the board says; what is left out has its default. */
export interface LiveSearch {
  /** Default: sessions that go on. */
  readonly state?: Exclude<SessionFilter, 'active'>
  readonly agent?: string
  /** Only the sessions that the reader holds. */
  readonly mine?: 1
  /** Default: entries that have not ended. */
  readonly queue?: Exclude<QueueFilter, 'active'>
}

const AGENT = /^[A-Za-z0-9._-]{1,128}$/

/** Reads the address; what it cannot mean is left out. */
export function readLiveSearch(search: Readonly<Record<string, unknown>>): LiveSearch {
  const { state, agent, mine, queue } = search
  const shown = SESSION_STATES.find((one) => one === state)
  const queued = QUEUE_FILTERS.find((one) => one === queue)
  return {
    ...(shown === undefined || shown === 'active' ? {} : { state: shown }),
    ...(AGENT.test(String(agent ?? '')) ? { agent: String(agent) } : {}),
    ...(mine === 1 || mine === '1' ? { mine: 1 } : {}),
    ...(queued === undefined || queued === 'active' ? {} : { queue: queued }),
  }
}
