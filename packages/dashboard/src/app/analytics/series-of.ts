import { ANALYTICS_OUTCOMES, type AnalyticsOutcome, MATURITIES, type Maturity, type Route } from '@preceptor/client'
import type { Series, SeriesPattern, SeriesTone } from '../charts/series.ts'

type Look = readonly [tone: SeriesTone, pattern: SeriesPattern]

const OUTCOMES: Readonly<Record<AnalyticsOutcome, Look>> = {
  approved: ['good', 'plain'],
  edited: ['blue', 'hatch'],
  rejected: ['bad', 'cross'],
  responded: ['violet', 'dots'],
  expired: ['slate', 'lines'],
  cancelled: ['control', 'hatch'],
  ran: ['accent', 'plain'],
  supervised: ['orange', 'dots'],
  blocked: ['warn', 'lines'],
}

const LEVELS: Readonly<Record<Maturity, Look>> = {
  student: ['slate', 'lines'],
  intern: ['blue', 'hatch'],
  supervised: ['violet', 'dots'],
  autonomous: ['good', 'plain'],
}

const ROUTES: Readonly<Record<Route, Look>> = {
  execution: ['good', 'plain'],
  supervision: ['violet', 'dots'],
  queue: ['orange', 'hatch'],
  proposal: ['blue', 'hatch'],
  training: ['slate', 'lines'],
  denied: ['bad', 'cross'],
}

/** How outcomes look, in their order. */
export function outcomeSeries(
  label: (outcome: AnalyticsOutcome) => string,
  only: readonly AnalyticsOutcome[] = ANALYTICS_OUTCOMES,
): readonly Series<AnalyticsOutcome>[] {
  return only.map((key) => ({ key, label: label(key), ...look(OUTCOMES[key]) }))
}

/** How levels look, the lowest first. */
export function levelSeries(label: (level: Maturity) => string): readonly Series<Maturity>[] {
  return MATURITIES.map((key) => ({ key, label: label(key), ...look(LEVELS[key]) }))
}

/** How a route looks. */
export function routeSeries(key: Route, label: string): Series<Route> {
  return { key, label, ...look(ROUTES[key]) }
}

const look = ([tone, pattern]: Look): { readonly tone: SeriesTone; readonly pattern: SeriesPattern } => ({
  tone,
  pattern,
})
