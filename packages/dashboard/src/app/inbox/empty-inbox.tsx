import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { INBOX } from './inbox-messages.ts'
import type { InboxSearch } from './inbox-search.ts'

const SNIPPET = `const decision = await scope.decide({
  agent: 'refund-bot',            // an intern
  action: 'refund.create',
  args: { cents: 1240, to: 'cus_91' },
})
// decision.route === 'proposal': it waits here`

/** An empty list says why it is empty, and how it is filled. */
export function EmptyInbox({ search }: { readonly search: InboxSearch }): ReactNode {
  const t = useText(INBOX)
  const { agent, risk, state, kind } = search
  if ([agent, risk, state, kind].some((part) => part !== undefined)) {
    return (
      <div className="empty">
        <p className="empty-title">{t('nothingFits')}</p>
        <p>
          <Link to="/inbox" search={{}}>
            {t('showWaiting')}
          </Link>
        </p>
      </div>
    )
  }
  return (
    <div className="empty">
      <p className="empty-title">{t('nothingWaits')}</p>
      <p className="muted">{t.rich('howItFills', { b: (parts) => <strong>{parts}</strong> })}</p>
      <pre className="json">{SNIPPET}</pre>
    </div>
  )
}
