import { type BlockedTrigger, type Decision, visibleText } from '@preceptor/client'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { AGENTS } from '../agents/agents-messages.ts'
import { scoreText } from '../agents/score-text.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { type Text, useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Listing } from '../ui/listing.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { useRefresh } from './course-acts.tsx'
import { StateChips, TrainingFrame } from './training-frame.tsx'
import { TRAINING } from './training-messages.ts'
import { BLOCKED_STATES } from './training-search.ts'

const route = getRouteApi('/training/blocked')
const PAGE = 30

/** Attempts that were blocked: why, what they led to, and another try where one is worth it. */
export function BlockedPage(): ReactNode {
  const search = route.useSearch()
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const { supervises } = usePowers()
  const [retried, setRetried] = useState<BlockedTrigger | null>(null)
  const state = search.state ?? 'active'
  const list = usePages({
    queryKey: ['training', 'blocked', state, search.agent ?? ''],
    read: (cursor) =>
      scope.blockedTriggers.list({
        limit: PAGE,
        ...(state === 'all' ? {} : { state }),
        ...(search.agent === undefined ? {} : { agent: search.agent }),
        ...cursorOf(cursor),
      }),
  })
  const labels = {
    active: t('open'),
    offered: t('offeredState'),
    resolved: t('resolvedState'),
    all: t('allStates'),
  }
  return (
    <TrainingFrame>
      <StateChips states={BLOCKED_STATES} search={search} labelOf={(one) => labels[one as keyof typeof labels]} />
      <Listing list={list} empty={<Empty title={t('noneBlocked')}>{t('noneBlockedText')}</Empty>}>
        {(items) => (
          <DataTable
            caption={t('blockedCaption')}
            className="blocked-table"
            rows={items}
            keyOf={({ id }) => id}
            columns={columnsOf(t, supervises ? setRetried : null)}
          />
        )}
      </Listing>
      {retried === null ? null : <RetryDialog blocked={retried} onClose={() => setRetried(null)} />}
    </TrainingFrame>
  )
}

function columnsOf(
  t: Text<keyof (typeof TRAINING)['english']>,
  onRetry: ((blocked: BlockedTrigger) => void) | null,
): readonly Column<BlockedTrigger>[] {
  return [
    { key: 'when', title: t('when'), cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
    {
      key: 'agent',
      title: t('agent'),
      cell: ({ agent }) => (
        <Link to="/agents/$agentId/journey" params={{ agentId: agent }}>
          {agent}
        </Link>
      ),
    },
    { key: 'action', title: t('action'), cell: (blocked) => <Asked blocked={blocked} /> },
    { key: 'why', title: t('why'), cell: (blocked) => <Why blocked={blocked} /> },
    {
      key: 'led',
      title: t('ledTo'),
      cell: ({ trainingProposalId }) => (
        <Link to="/training/proposals/$proposalId" params={{ proposalId: trainingProposalId }}>
          {t('course')}
        </Link>
      ),
    },
    { key: 'state', title: t('state'), cell: (blocked) => <Standing blocked={blocked} onRetry={onRetry} /> },
  ]
}

function Asked({ blocked }: { readonly blocked: BlockedTrigger }): ReactNode {
  const t = useText(TRAINING)
  const { action, args, resource } = blocked
  return (
    <>
      <code>{visibleText(action)}</code>
      {resource === null ? null : (
        <span className="agent-sub muted small">{t('about', { resource: visibleText(resource) })}</span>
      )}
      <details className="blocked-args">
        <summary>{t('args')}</summary>
        <JsonView value={args} />
      </details>
    </>
  )
}

function Why({ blocked }: { readonly blocked: BlockedTrigger }): ReactNode {
  const t = useText(TRAINING)
  const levels = useText(AGENTS)
  const { maturity, confidence, route: routed, source, type } = blocked
  return (
    <>
      {t('whyText', { level: levels(maturity), score: scoreText(confidence), route: routed })}
      <span className="agent-sub muted small">{visibleText([source, type ?? ''].filter(Boolean).join(' · '))}</span>
    </>
  )
}

interface StandingProps {
  readonly blocked: BlockedTrigger
  readonly onRetry: ((blocked: BlockedTrigger) => void) | null
}

function Standing({ blocked, onRetry }: StandingProps): ReactNode {
  const t = useText(TRAINING)
  const { resolvedAt, resolution, offeredAt } = blocked
  if (resolvedAt !== null) {
    return <span className="muted">✓ {t('resolution', { resolution: visibleText(resolution ?? '') })}</span>
  }
  return (
    <span className="line">
      <span className={`badge ${offeredAt === null ? 'tone-quiet' : 'tone-good'}`}>
        {t(offeredAt === null ? 'open' : 'offeredState')}
      </span>
      {onRetry === null ? null : <Button onClick={() => onRetry(blocked)}>{t('retry')}</Button>}
    </span>
  )
}

interface RetryDialogProps {
  readonly blocked: BlockedTrigger
  readonly onClose: () => void
}

function RetryDialog({ blocked, onClose }: RetryDialogProps): ReactNode {
  const t = useText(TRAINING)
  const { scope } = useSignedIn()
  const refresh = useRefresh()
  const retry = useAct<void, { readonly decision: Decision }>({
    does: () => scope.blockedTriggers.retry(blocked.id),
    says: ({ decision }) => t('retried', { route: decision.route }),
    onDone: () => {
      refresh()
      onClose()
    },
  })
  return (
    <AskDialog
      title={t('retryTitle')}
      description={t('retryText')}
      confirm={{ label: t('retry') }}
      isBusy={retry.isBusy}
      error={retry.error}
      onConfirm={() => retry.run()}
      onClose={onClose}
    >
      <p>
        <code>{visibleText(blocked.action)}</code>
      </p>
      <JsonView value={blocked.args} />
    </AskDialog>
  )
}
