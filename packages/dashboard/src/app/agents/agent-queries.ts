import type { ConfidenceEntry, ControlScope, MaturityTransition } from '@preceptor/client'
import { queryOptions } from '@tanstack/react-query'
import { readAll } from '../data/read-all.ts'
import { cursorOf } from '../data/use-pages.ts'

const PAGE = 100
const MOST_ENTRIES = 2_000
const MOST_OPEN = 500
const TREND_ENTRIES = 30
const DAY_MS = 86_400_000

/** One agent. */
export function agentQuery(scope: ControlScope, id: string) {
  return queryOptions({ queryKey: ['agent', id], queryFn: () => scope.agents.get(id) })
}

/** The newest rows of the ledger of an agent, for its trend. */
export function trendQuery(scope: ControlScope, id: string, isOn = true) {
  return queryOptions({
    queryKey: ['agent', id, 'trend'],
    queryFn: () => scope.agents.confidence(id, { limit: TREND_ENTRIES }),
    enabled: isOn,
  })
}

/** The ledger of so many days, with the row before them, newest first; all of it without a number. */
export function ledgerQuery(scope: ControlScope, id: string, days?: number) {
  return queryOptions({
    queryKey: ['agent', id, 'ledger', days ?? 'all'],
    queryFn: () => {
      const since = days === undefined ? Number.NEGATIVE_INFINITY : Date.now() - days * DAY_MS
      return readAll<ConfidenceEntry>((cursor) => scope.agents.confidence(id, { limit: PAGE, ...cursorOf(cursor) }), {
        most: MOST_ENTRIES,
        isBehind: ({ createdAt }) => Date.parse(createdAt) < since,
      })
    },
  })
}

/** Every change of the level of an agent, newest first. */
export function transitionsQuery(scope: ControlScope, id: string) {
  return queryOptions({
    queryKey: ['agent', id, 'transitions'],
    queryFn: () =>
      readAll<MaturityTransition>((cursor) => scope.agents.transitions(id, { limit: PAGE, ...cursorOf(cursor) }), {
        most: MOST_ENTRIES,
      }),
  })
}

/** What an agent lacks for its next level, as a whole or at a capability. */
export function promotionQuery(scope: ControlScope, id: string, capability?: string) {
  return queryOptions({
    queryKey: ['agent', id, 'promotion', capability ?? '*'],
    queryFn: () => scope.agents.promotion(id, capability === undefined ? {} : { capability }),
  })
}

/** What last became of an agent. */
export function lastTimelineQuery(scope: ControlScope, id: string) {
  return queryOptions({
    queryKey: ['agent', id, 'timeline', 'last'],
    queryFn: () => scope.agents.timeline(id, { limit: 20 }),
  })
}

/** The kill switches that are set. */
export function stopsQuery(scope: ControlScope) {
  return queryOptions({ queryKey: ['stops'], queryFn: () => scope.stops.list() })
}

/** What is open in the whole workspace, to be counted by agent. */
export function openQuery(scope: ControlScope) {
  return queryOptions({
    queryKey: ['agents', 'open'],
    queryFn: async () => {
      const most = { most: MOST_OPEN }
      const [proposals, training, sessions, alerts] = await Promise.all([
        readAll((cursor) => scope.proposals.list({ state: 'pending', limit: PAGE, ...cursorOf(cursor) }), most),
        readAll(
          (cursor) => scope.trainingProposals.list({ state: 'proposed', limit: PAGE, ...cursorOf(cursor) }),
          most,
        ),
        readAll((cursor) => scope.sessions.list({ state: 'active', limit: PAGE, ...cursorOf(cursor) }), most),
        readAll((cursor) => scope.alerts.list({ state: 'open', limit: PAGE, ...cursorOf(cursor) }), most),
      ])
      return { proposals: proposals.items, training: training.items, sessions: sessions.items, alerts: alerts.items }
    },
  })
}
