import { LIFECYCLES, type Lifecycle, MATURITIES, type Maturity } from '@preceptor/client'

/** What the address of the list of agents says; what is left out has its default. */
export interface AgentsSearch {
  readonly maturity?: Maturity
  readonly lifecycle?: Lifecycle
  /** Words in the id, the name, the owner or the category. */
  readonly q?: string
  /** Default: what needs attention stands first. */
  readonly order?: AgentsSort
}

/** Orders of the list beside the usual one. */
export type AgentsSort = 'name' | 'confidence' | 'recent'

/** Every order of the list beside the usual one. */
export const AGENT_SORTS: readonly AgentsSort[] = ['name', 'confidence', 'recent']

const LONGEST = 128

/** Reads the address; what it cannot mean is left out. */
export function readAgentsSearch(search: Readonly<Record<string, unknown>>): AgentsSearch {
  const maturity = MATURITIES.find((known) => known === search.maturity)
  const lifecycle = LIFECYCLES.find((known) => known === search.lifecycle)
  const order = AGENT_SORTS.find((known) => known === search.order)
  const q = typeof search.q === 'string' || typeof search.q === 'number' ? String(search.q).slice(0, LONGEST) : ''
  return {
    ...(maturity === undefined ? {} : { maturity }),
    ...(lifecycle === undefined ? {} : { lifecycle }),
    ...(q.trim() === '' ? {} : { q }),
    ...(order === undefined ? {} : { order }),
  }
}

/** How many days a journey shows. */
export type JourneyRange = 30 | 90 | 365

/** Every range of a journey, in days. */
export const JOURNEY_RANGES: readonly JourneyRange[] = [30, 90, 365]

/** The range of a journey when the address names none. */
export const USUAL_RANGE: JourneyRange = 90

/** What the address of an agent says. */
export interface AgentSearch {
  readonly range?: JourneyRange
  /** The capability that is looked at; without one the agent as a whole. */
  readonly at?: string
}

/** Reads the address; what it cannot mean is left out. */
export function readAgentSearch(search: Readonly<Record<string, unknown>>): AgentSearch {
  const range = JOURNEY_RANGES.find((known) => known === Number(search.range))
  const at = typeof search.at === 'string' ? search.at.slice(0, LONGEST) : ''
  return { ...(range === undefined || range === USUAL_RANGE ? {} : { range }), ...(at === '' ? {} : { at }) }
}
