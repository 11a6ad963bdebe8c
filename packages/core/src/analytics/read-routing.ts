import { type AnalyticsQuery, type AnalyticsRouting, ROUTES, type Route } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { analysisOf } from './analysis.ts'
import { countDecisions, type DecisionCount } from './decision-count-store.ts'
import { shareOf, sumOf } from './share.ts'

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readRouting(
  context: GovernorContext,
  actor: Actor,
  query: AnalyticsQuery,
): Promise<AnalyticsRouting> {
  const analysis = analysisOf(context, actor, { operation: 'analytics.routing', query })
  const rows = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => countDecisions(tx, analysis))
  const total = sumOf(rows)
  const shared = (count: number) => ({ count, share: shareOf(count, total) })
  const routes = byRoute(rows)
  const sources = [...new Set(rows.map(({ source }) => source))].map((source) => {
    const own = rows.filter((row) => row.source === source)
    return { source, ...shared(sumOf(own)), routes: byRoute(own) }
  })
  return {
    range: analysis.range,
    total,
    routes: ROUTES.map((route) => ({ route, ...shared(routes[route]) })),
    sources: sources.sort((a, b) => b.count - a.count || (a.source < b.source ? -1 : 1)),
  }
}

function byRoute(rows: readonly DecisionCount[]): Record<Route, number> {
  const counts = { execution: 0, supervision: 0, queue: 0, proposal: 0, training: 0, denied: 0 }
  for (const { route, count } of rows) counts[route] += count
  return counts
}
