import type { ReactNode } from 'react'
import { inboxRoutesUnder } from '../inbox/inbox-routes.ts'
import { EmbeddedPages } from '../shell/embedded-pages.tsx'
import type { ApprovalInboxProps } from './embed-props.ts'

/**
 * What waits for a decision, with the card of each proposal: the inbox of the dashboard, in a page of the host. It stands
 * in a `PreceptorProvider`, and keeps the address of the page as it is.
 *
 * @example
 * ```tsx
 * import { ApprovalInbox } from '@preceptor/dashboard/react'
 *
 * export const Waiting = () => <ApprovalInbox agent="billing-bot" onOpen={(path) => window.open(`/preceptor${path}`)} />
 * ```
 */
export function ApprovalInbox({ proposal, agent, onOpen }: ApprovalInboxProps): ReactNode {
  return <EmbeddedPages routesUnder={inboxRoutesUnder} address={addressOf(proposal, agent)} onOpen={onOpen} />
}

function addressOf(proposal: string | undefined, agent: string | undefined): string {
  const page = proposal === undefined ? '/inbox' : `/inbox/${encodeURIComponent(proposal)}`
  return agent === undefined ? page : `${page}?agent=${encodeURIComponent(agent)}`
}
