import '../styles/batch.css'
import type { Proposal } from '@preceptor/client'
import { useQueries } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Main } from '../ui/main.tsx'
import { areAlike, isBatchable } from './alike.ts'
import { BatchDialog } from './batch-dialog.tsx'
import { BatchTable } from './batch-table.tsx'
import { INBOX } from './inbox-messages.ts'
import { useBatch } from './use-batch.ts'

const route = getRouteApi('/inbox/batch')
const NONE: readonly string[] = []

/** Proposals that are alike, read side by side and decided one by one in one go. */
export function BatchPage(): ReactNode {
  const t = useText(INBOX)
  const search = route.useSearch()
  const { select: ids = NONE, ...rest } = search
  const proposals = useSelected(ids)
  const title = useRef<HTMLHeadingElement>(null)
  const [asked, setAsked] = useState<'approve' | 'reject'>()
  const batch = useBatch(ids, () => setAsked(undefined))
  const first = proposals[0]
  const isThere = first !== undefined
  // Whoever opens the table reads on from its title.
  useEffect(() => {
    if (isThere) title.current?.focus()
  }, [isThere])
  const waiting = proposals.filter(isBatchable)
  return (
    <Main className="card batch" aria-labelledby="batch-title">
      <p className="card-back-always">
        <Link to="/inbox" search={rest}>
          {t('back')}
        </Link>
      </p>
      {first === undefined ? null : (
        <>
          <h2 id="batch-title" className="card-title" tabIndex={-1} ref={title}>
            {t('batchTitle', { count: proposals.length, action: first.action, agent: first.agent })}
          </h2>
          <p className="muted">{t('batchHint')}</p>
          <BatchTable proposals={proposals} results={batch.results} />
          {waiting.length === 0 ? <p role="status">{t('batchGone')}</p> : null}
          {waiting.length > 0 && areAlike(waiting) ? (
            <div className="batch-actions">
              <Button kind="primary" onClick={() => setAsked('approve')}>
                {t('approveAll', { count: waiting.length })}
              </Button>
              <Button kind="danger" onClick={() => setAsked('reject')}>
                {t('rejectAll', { count: waiting.length })}
              </Button>
            </div>
          ) : null}
          {waiting.length > 0 && !areAlike(waiting) ? <p className="note note-warn">{t('notAlike')}</p> : null}
        </>
      )}
      {asked === undefined ? null : (
        <BatchDialog decision={asked} proposals={waiting} batch={batch} onClose={() => setAsked(undefined)} />
      )}
    </Main>
  )
}

/** What is selected, as it stands. */
function useSelected(ids: readonly string[]): readonly Proposal[] {
  const { scope } = useSignedIn()
  const found = useQueries({
    queries: ids.map((id) => ({ queryKey: ['card', id, 'row'], queryFn: () => scope.proposals.get(id) })),
  })
  return found.flatMap(({ data }) => (data === undefined ? [] : [data]))
}
