import { RISKS, type Risk } from '@preceptor/client'

/** What the address of the inbox says; what is left out has its default. */
export interface InboxSearch {
  /** A state, `active` for everything that has not ended, `all`; default `pending`. */
  readonly state?: string
  readonly agent?: string
  /** The lowest risk that is shown. */
  readonly risk?: Risk
  /** Default: what expires first stands first. */
  readonly sort?: 'newest'
}

/** What the list can be narrowed to. */
export const LIST_STATES: readonly (readonly [state: string, label: string])[] = [
  ['pending', 'Waiting'],
  ['active', 'Not ended'],
  ['outcome_unknown', 'Outcome unknown'],
  ['succeeded', 'Succeeded'],
  ['failed', 'Failed'],
  ['rejected', 'Rejected'],
  ['expired', 'Expired'],
  ['all', 'All'],
]

const STATES = new Set(LIST_STATES.map(([state]) => state))
const AGENT = /^[A-Za-z0-9._-]{1,128}$/

/** Reads the address; what it cannot mean is left out. */
export function readInboxSearch(search: Readonly<Record<string, unknown>>): InboxSearch {
  const { state, agent, risk, sort } = search
  const level = RISKS.find((known) => known === risk)
  return {
    ...(typeof state === 'string' && state !== 'pending' && STATES.has(state) ? { state } : {}),
    ...(AGENT.test(String(agent ?? '')) ? { agent: String(agent) } : {}),
    ...(level === undefined || level === 'safe' ? {} : { risk: level }),
    ...(sort === 'newest' ? { sort } : {}),
  }
}
