import { type AnalyticsDecisions, type AnalyticsRange, type AnalyticsReviewer, visibleText } from '@preceptor/client'
import { useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { StackedBars } from '../charts/stacked-bars.tsx'
import { personText } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Panel } from '../ui/page.tsx'
import { Reading } from '../ui/reading.tsx'
import { ANALYTICS } from './analytics-messages.ts'
import { NumberLink } from './number-link.tsx'
import { percent, seconds } from './numbers.ts'
import { SummaryTiles } from './overview-view.tsx'
import { journalRows } from './row-lists.ts'
import { outcomeSeries } from './series-of.ts'
import { bucketNames } from './time-names.ts'
import { useAnalysis } from './use-analysis.ts'

const OF_PROPOSALS = ['approved', 'edited', 'rejected', 'responded', 'expired', 'cancelled'] as const

/** What became of proposals, who decided them, and who may be approving without reading. */
export function ApprovalsView(): ReactNode {
  const summary = useAnalysis('summary')
  const decisions = useAnalysis('decisions')
  const reviewers = useAnalysis('reviewers')
  return (
    <>
      <Reading query={reviewers}>{({ reviewers: found }) => <FlagNote reviewers={found} />}</Reading>
      <Reading query={summary}>{(found) => <SummaryTiles summary={found} />}</Reading>
      <Reading query={reviewers}>
        {({ reviewers: found, range }) => <ReviewerPanel reviewers={found} range={range} />}
      </Reading>
      <Reading query={decisions}>{(found) => <ProposalChart decisions={found} />}</Reading>
    </>
  )
}

function ProposalChart({ decisions: { range, buckets } }: { readonly decisions: AnalyticsDecisions }): ReactNode {
  const t = useText(ANALYTICS)
  return (
    <section className="panel" aria-label={t('proposalsOnly')}>
      <StackedBars
        title={t('proposalsOnly')}
        series={outcomeSeries((outcome) => t(outcome), OF_PROPOSALS)}
        rows={buckets.map(({ at, outcomes }) => ({ at, values: outcomes }))}
        nameOf={bucketNames(range)}
      />
    </section>
  )
}

interface ReviewersProps {
  readonly reviewers: readonly AnalyticsReviewer[]
}

function FlagNote({ reviewers }: ReviewersProps): ReactNode {
  const t = useText(ANALYTICS)
  const flagged = reviewers.filter(({ isFlagged }) => isFlagged)
  if (flagged.length === 0) return null
  return (
    <p role="status" className="note note-warn">
      <strong>
        <span aria-hidden="true">⚠</span> {flagged.map(({ reviewer }) => visibleText(personText(reviewer))).join(', ')}.
      </strong>{' '}
      {t('flaggedIntro', { count: flagged.length })}
    </p>
  )
}

function ReviewerPanel({ reviewers, range }: ReviewersProps & { readonly range: AnalyticsRange }): ReactNode {
  const t = useText(ANALYTICS)
  const columns = useColumns(range)
  return (
    <Panel title={t('reviewers')} className="stack">
      <p className="muted small">{t('reviewersSummary')}</p>
      {reviewers.length === 0 ? (
        <p className="muted waiting">{t('noReviewers')}</p>
      ) : (
        <DataTable caption={t('reviewers')} rows={reviewers} keyOf={({ reviewer }) => reviewer} columns={columns} />
      )}
    </Panel>
  )
}

function useColumns(range: AnalyticsRange): readonly Column<AnalyticsReviewer>[] {
  const t = useText(ANALYTICS)
  const { agent } = useSearch({ from: '/analytics/$view' })
  return [
    {
      key: 'reviewer',
      title: t('reviewer'),
      cell: ({ reviewer, displayName }) => (
        <>
          <strong>{visibleText(displayName ?? personText(reviewer))}</strong>
          <p className="muted small">{displayName === null ? t('gone') : visibleText(reviewer)}</p>
        </>
      ),
    },
    {
      key: 'decisions',
      title: t('reviewerDecisions'),
      isNumber: true,
      cell: ({ decisions, reviewer }) => (
        <NumberLink
          value={decisions}
          of={t('reviewerDecisions')}
          list={journalRows({ range, agent, actor: reviewer })}
        />
      ),
    },
    {
      key: 'median',
      title: t('reviewerMedian'),
      isNumber: true,
      cell: ({ medianSeconds }) => seconds(medianSeconds),
    },
    { key: 'fast', title: t('fast'), isNumber: true, cell: ({ fastShare }) => percent(fastShare) },
    { key: 'edited', title: t('editedShare'), isNumber: true, cell: ({ editedShare }) => percent(editedShare) },
    { key: 'rejected', title: t('rejectedShare'), isNumber: true, cell: ({ rejectedShare }) => percent(rejectedShare) },
    {
      key: 'index',
      title: t('index'),
      isNumber: true,
      cell: ({ rubberStamp, isFlagged }) =>
        isFlagged ? (
          <span className="warn-text">
            <span aria-hidden="true">⚠</span> {percent(rubberStamp)}
            <span className="small flag-reason">{t('flagged')}</span>
          </span>
        ) : (
          percent(rubberStamp)
        ),
    },
  ]
}
