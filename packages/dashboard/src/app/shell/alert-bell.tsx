import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useEvent } from '../data/events.ts'
import { notify } from '../data/notices.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { PageIcon } from './icons.tsx'
import { SHELL } from './shell-messages.ts'

const MOST = 100

/** How many alerts are open, and the way to them. It also tells the browser of what arrives, where that was asked for. */
export function AlertBell(): ReactNode {
  const t = useText(SHELL)
  const { scope } = useSignedIn()
  const open = useQuery({
    queryKey: ['alerts', 'bell'],
    queryFn: () => scope.alerts.list({ state: 'open', limit: MOST }),
  })
  useEvent(({ kind, subjectId }) => {
    if (kind === 'proposal.created') notify(t('noticeProposal'), subjectId)
    if (kind === 'alert.raised') notify(t('noticeAlert'), subjectId)
  })
  const count = open.data?.items.length ?? 0
  const label = t('openAlerts', { count })
  return (
    <Link to="/alerts" search={{}} className={count === 0 ? 'bell' : 'bell bell-on'} aria-label={label} title={label}>
      <PageIcon name="alerts" />
      {count === 0 ? null : (
        <span className="bell-count" aria-hidden="true">
          {open.data?.next === null ? count : `${MOST}+`}
        </span>
      )}
    </Link>
  )
}
