import type { ReactNode } from 'react'
import { journeyRoutesUnder } from '../agents/journey-routes.ts'
import { EmbeddedPages } from '../shell/embedded-pages.tsx'
import type { MaturityJourneyProps } from './embed-props.ts'

/**
 * How an agent came to its maturity: its levels and its score over time with what changed them, where they lead if it
 * goes on so, and what the agent lacks for the next level; as a chart and as a table. It stands in a
 * `PreceptorProvider`, and keeps the address of the page as it is.
 *
 * @example
 * ```tsx
 * import { MaturityJourney } from '@preceptor/dashboard/react'
 *
 * export const Progress = () => (
 *   <MaturityJourney agent="billing-bot" range={365} onOpen={(path) => window.open(`/preceptor${path}`)} />
 * )
 * ```
 */
export function MaturityJourney({ agent, capability, range, onOpen }: MaturityJourneyProps): ReactNode {
  const search = new URLSearchParams({
    ...(range === undefined ? {} : { range: String(range) }),
    ...(capability === undefined ? {} : { at: capability }),
  })
  const address = `/agents/${encodeURIComponent(agent)}?${search}`
  return <EmbeddedPages routesUnder={journeyRoutesUnder} address={address} onOpen={onOpen} />
}
