import { RISKS, type Risk } from '@preceptor/client'

/** What waits for people: actions, questions of workflows, training, votes, and runs that somebody must watch. */
export const WORK_KINDS = ['actions', 'questions', 'training', 'votes', 'queue'] as const

/** One of the kinds of what waits. */
export type WorkKind = (typeof WORK_KINDS)[number]

/** What the address of the inbox says; what is left out has its default. */
export interface InboxSearch {
  /** Only what is of this kind; default: everything. */
  readonly kind?: WorkKind
  /** A state, `active` for everything that has not ended, `all`; default `pending`. */
  readonly state?: string
  readonly agent?: string
  /** The lowest risk that is shown. */
  readonly risk?: Risk
  /** Default: what expires first stands first. */
  readonly sort?: 'newest'
  /** Ids of the proposals that are selected. */
  readonly select?: readonly string[]
}

/** What the list can be narrowed to, with the name of its text. */
export const LIST_STATES = [
  ['pending', 'stateWaiting'],
  ['active', 'stateActive'],
  ['outcome_unknown', 'stateUnknown'],
  ['succeeded', 'stateSucceeded'],
  ['failed', 'stateFailed'],
  ['rejected', 'stateRejected'],
  ['expired', 'stateExpired'],
  ['all', 'stateAll'],
] as const

const STATES: ReadonlySet<string> = new Set(LIST_STATES.map(([state]) => state))
const AGENT = /^[A-Za-z0-9._-]{1,128}$/
const PROPOSAL = /^prp_[0-9a-z-]{1,64}$/
const MOST_SELECTED = 50

/** Reads the address; what it cannot mean is left out. */
export function readInboxSearch(search: Readonly<Record<string, unknown>>): InboxSearch {
  const { state, agent, risk, sort } = search
  const level = RISKS.find((known) => known === risk)
  const kind = WORK_KINDS.find((known) => known === search.kind)
  const select = readSelected(search.select)
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(typeof state === 'string' && state !== 'pending' && STATES.has(state) ? { state } : {}),
    ...(AGENT.test(String(agent ?? '')) ? { agent: String(agent) } : {}),
    ...(level === undefined || level === 'safe' ? {} : { risk: level }),
    ...(sort === 'newest' ? { sort } : {}),
    ...(select.length === 0 ? {} : { select }),
  }
}

function readSelected(given: unknown): readonly string[] {
  if (!Array.isArray(given)) return []
  return [...new Set(given.filter((id): id is string => typeof id === 'string' && PROPOSAL.test(id)))].slice(
    0,
    MOST_SELECTED,
  )
}
