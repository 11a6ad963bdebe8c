import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { InboxSearch } from './inbox-search.ts'

const SNIPPET = `const decision = await scope.decide({
  agent: 'refund-bot',            // an intern
  action: 'refund.create',
  args: { cents: 1240, to: 'cus_91' },
})
// decision.route === 'proposal': it waits here`

/** An empty list says why it is empty, and how it is filled. */
export function EmptyInbox({ search }: { readonly search: InboxSearch }): ReactNode {
  const isNarrowed = search.agent !== undefined || search.risk !== undefined
  if (isNarrowed || search.state !== undefined) {
    return (
      <div className="empty">
        <p className="empty-title">Nothing fits these filters.</p>
        <p>
          <Link to="/inbox" search={{}}>
            Show everything that waits
          </Link>
        </p>
      </div>
    )
  }
  return (
    <div className="empty">
      <p className="empty-title">Nothing waits for you.</p>
      <p className="muted">
        What an agent at the maturity <strong>intern</strong> attempts waits here for a person. This is how one asks:
      </p>
      <pre className="json">{SNIPPET}</pre>
    </div>
  )
}
