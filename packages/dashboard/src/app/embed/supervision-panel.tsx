import type { ReactNode } from 'react'
import { Availability } from '../live/availability/availability.tsx'
import { liveRoutesUnder } from '../live/live-routes.ts'
import { EmbeddedPages } from '../shell/embedded-pages.tsx'
import type { SupervisionPanelProps } from './embed-props.ts'

/**
 * The runs that are watched, what waits to be watched, who is there, and the page of each run with everything by which it
 * is steered: the live board of the dashboard, in a page of the host. It stands in a `PreceptorProvider`, keeps the
 * address of the page as it is, and tells the server while a supervisor uses the page. Who closes the page of a run that
 * they watch pauses the run.
 *
 * @example
 * ```tsx
 * import { SupervisionPanel } from '@preceptor/dashboard/react'
 *
 * export const Runs = () => <SupervisionPanel agent="billing-bot" onOpen={(path) => window.open(`/preceptor${path}`)} />
 * ```
 */
export function SupervisionPanel({ session, agent, onOpen }: SupervisionPanelProps): ReactNode {
  return (
    <EmbeddedPages routesUnder={liveRoutesUnder} address={addressOf(session, agent)} onOpen={onOpen}>
      <div className="embed-bar">
        <Availability />
      </div>
    </EmbeddedPages>
  )
}

function addressOf(session: string | undefined, agent: string | undefined): string {
  if (session !== undefined) return `/live/${encodeURIComponent(session)}`
  return agent === undefined ? '/live' : `/live?agent=${encodeURIComponent(agent)}`
}
