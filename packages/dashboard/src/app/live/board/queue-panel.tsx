import { type QueueEntry, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { duration } from '../../data/format.ts'
import { useNow } from '../../data/now.ts'
import { usePowers } from '../../data/roles.ts'
import { useSignedIn } from '../../data/session-context.ts'
import { useAct } from '../../data/use-act.ts'
import { cursorOf, usePages } from '../../data/use-pages.ts'
import { useText } from '../../text/use-text.ts'
import { RiskBadge } from '../../ui/badges.tsx'
import { Button } from '../../ui/button.tsx'
import { Countdown } from '../../ui/countdown.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Listing } from '../../ui/listing.tsx'
import { Panel } from '../../ui/page.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { LIVE } from './live-messages.ts'
import { type LiveSearch, QUEUE_FILTERS, readLiveSearch } from './live-search.ts'
import { QueueDialogs, type QueueQuestion } from './queue-dialogs.tsx'
import { sortQueue } from './sort-queue.ts'

/** Runs that wait until somebody can watch them, and what became of others. */
export function QueuePanel({ search }: { readonly search: LiveSearch }): ReactNode {
  const t = useText(LIVE)
  const { scope } = useSignedIn()
  const navigate = useNavigate()
  const [question, setQuestion] = useState<QueueQuestion>()
  const state = search.queue ?? 'active'
  const { agent } = search
  const list = usePages({
    queryKey: ['queue', 'list', state, agent ?? ''],
    read: (cursor) =>
      scope.queue.list({
        limit: 50,
        ...(state === 'all' ? {} : { state }),
        ...(agent === undefined ? {} : { agent }),
        ...cursorOf(cursor),
      }),
  })
  const columns = useColumns(setQuestion)
  return (
    <Panel title={t('queue')} actions={<Offer />}>
      <Stats />
      <SelectField
        label={t('queueState')}
        isLabelHidden
        value={state}
        options={QUEUE_FILTERS.map((one) => [one, t(one === 'active' ? 'queueActive' : one)] as const)}
        onChange={(queue) =>
          void navigate({ to: '.', search: readLiveSearch({ ...search, queue }), replace: true, resetScroll: false })
        }
      />
      <Listing
        list={list}
        empty={
          search.queue === undefined ? (
            <p className="muted">
              {t('emptyQueue')} {t('emptyQueueHow')}
            </p>
          ) : (
            <p className="muted">{t('emptyQueueFits')}</p>
          )
        }
      >
        {(entries) => (
          <DataTable caption={t('queue')} columns={columns} rows={sortQueue(entries)} keyOf={({ id }) => id} />
        )}
      </Listing>
      {question === undefined ? null : <QueueDialogs question={question} onClose={() => setQuestion(undefined)} />}
    </Panel>
  )
}

function Stats(): ReactNode {
  const t = useText(LIVE)
  const { scope, clockOffset } = useSignedIn()
  const { data } = useQuery({ queryKey: ['queue', 'stats'], queryFn: () => scope.queue.stats() })
  const since = data?.oldestWaitingSince ?? null
  const time = useNow((now) => (since === null ? '' : duration(now + clockOffset - Date.parse(since))))
  return data === undefined ? null : <p className="muted small">{t('waiting', { count: data.waiting, time })}</p>
}

/** Asks who is online to watch what waits, now instead of with the next job. */
function Offer(): ReactNode {
  const t = useText(LIVE)
  const { scope, isOffline } = useSignedIn()
  const { supervises } = usePowers()
  const act = useAct({ does: () => scope.queue.process(), says: ({ offered }) => t('offered', { count: offered }) })
  if (!supervises || isOffline) return null
  return (
    <>
      <Button aria-disabled={act.isBusy} onClick={() => act.run()}>
        {t('offer')}
      </Button>
      {act.error === null ? null : <ProblemNote error={act.error} />}
    </>
  )
}

function useColumns(ask: (question: QueueQuestion) => void): readonly Column<QueueEntry>[] {
  const t = useText(LIVE)
  return [
    { key: 'priority', title: t('priority'), isNumber: true, cell: ({ priority }) => priority },
    { key: 'what', title: t('what'), cell: (entry) => <What entry={entry} /> },
    {
      key: 'expires',
      title: t('expires'),
      cell: (entry) => (
        <>
          {entry.state === 'pending' ? <Countdown proposal={entry} /> : t(entry.state)}
          <p className="muted small">{t('triesOf', { attempt: entry.attempt })}</p>
        </>
      ),
    },
    { key: 'acts', title: t('acts'), cell: (entry) => <Acts entry={entry} ask={ask} /> },
  ]
}

function What({ entry }: { readonly entry: QueueEntry }): ReactNode {
  const t = useText(LIVE)
  const { agent, action, risk, offeredTo, reason } = entry
  return (
    <>
      <strong>{visibleText(action)}</strong> <RiskBadge risk={risk} />
      <br />
      <span className="muted small">
        <Link to={`/agents/${encodeURIComponent(agent)}` as '/'}>{agent}</Link>
        {offeredTo === null ? '' : ` · ${t('offeredTo', { who: offeredTo })}`}
      </span>
      {reason === null ? null : <p className="small">{visibleText(reason)}</p>}
    </>
  )
}

function Acts({
  entry,
  ask,
}: {
  readonly entry: QueueEntry
  readonly ask: (question: QueueQuestion) => void
}): ReactNode {
  const t = useText(LIVE)
  const { supervises } = usePowers()
  const { isOffline } = useSignedIn()
  const { state, sessionId, action, agent } = entry
  const mayAct = supervises && !isOffline
  return (
    <span className="line">
      {sessionId === null ? null : (
        <Link
          to="/live/$sessionId"
          params={{ sessionId }}
          search={{}}
          className="button button-quiet"
          aria-label={t('openOf', { action })}
        >
          {t('open')}
        </Link>
      )}
      {mayAct && state === 'pending' ? (
        <>
          <Button
            kind="quiet"
            aria-label={t('prioritizeOf', { action, agent })}
            onClick={() => ask({ kind: 'prioritize', entry })}
          >
            {t('prioritize')}
          </Button>
          <Button
            kind="quiet"
            aria-label={t('cancelOf', { action, agent })}
            onClick={() => ask({ kind: 'cancel', entry })}
          >
            {t('cancel')}
          </Button>
        </>
      ) : null}
      {mayAct && state === 'outcome_unknown' ? (
        <Button
          kind="quiet"
          aria-label={t('resolveOf', { action, agent })}
          onClick={() => ask({ kind: 'resolve', entry })}
        >
          {t('resolve')}
        </Button>
      ) : null}
    </span>
  )
}
