/** The part of a job that a link is made of; bull-board gives it whole. */
export interface LinkedJob {
  readonly name: string
  readonly data?: unknown
}

/** A link beside a job, as bull-board shows it. */
export interface JobLink {
  readonly displayText: string
  readonly href: string
}

/** Where the links lead. */
export interface JobLinkOptions {
  /** Address of the dashboard: where its app is mounted. */
  readonly dashboardUrl: string
}

/**
 * Makes the `externalJobUrl` of bull-board: it links a job that names a proposal (`proposalId` in its data) to the card of
 * that proposal, and any other to the inbox of the dashboard. The jobs of a governor name a workspace at most.
 *
 * @throws TypeError when the address is not one of http or https.
 * @example
 * ```ts
 * import { externalJobUrl } from '@preceptor/worker'
 *
 * // new BullMQAdapter(new Queue('preceptor', { connection }), { readOnlyMode: true, externalJobUrl: links })
 * export const links = externalJobUrl({ dashboardUrl: 'https://app.example/governance' })
 * ```
 */
export function externalJobUrl({ dashboardUrl }: JobLinkOptions): (job: LinkedJob) => JobLink {
  const base = baseOf(dashboardUrl)
  return ({ data }) => {
    const proposal = proposalOf(data)
    if (proposal === null) return { displayText: 'Inbox', href: `${base}inbox` }
    return { displayText: 'Proposal', href: `${base}p/${encodeURIComponent(proposal)}` }
  }
}

function baseOf(address: string): string {
  const url = new URL(address)
  // Whatever else it is becomes a link that somebody clicks.
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`"${url.protocol}" is no address of a dashboard.`)
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/`
}

function proposalOf(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('proposalId' in data)) return null
  return typeof data.proposalId === 'string' && data.proposalId !== '' ? data.proposalId : null
}
