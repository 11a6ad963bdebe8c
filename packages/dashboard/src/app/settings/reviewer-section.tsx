import { type Reviewer, visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { personText, timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AskedButton } from '../ui/asked-button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { Meter } from '../ui/meter.tsx'
import { REVIEWERS } from './reviewer-messages.ts'
import { Section, SupervisorsOnly } from './section.tsx'
import { SETTINGS } from './settings-messages.ts'

const SNIPPET = `governor.registerReviewer('checker', { model })`

/** The agents that review. */
export function ReviewerSection(): ReactNode {
  const t = useText(REVIEWERS)
  const { scope } = useSignedIn()
  const { supervises } = usePowers()
  const list = usePages<Reviewer>({
    queryKey: ['reviewers'],
    read: (cursor) => scope.reviewers.list({ limit: 50, ...cursorOf(cursor) }),
    isOn: supervises,
  })
  const columns = useColumns()
  const empty = (
    <Empty title={t('empty')} snippet={SNIPPET}>
      {t('emptyWhy')}
    </Empty>
  )
  return (
    <Section title={t('title')} intro={t('intro')}>
      {supervises ? (
        <Listing list={list} empty={empty}>
          {(items) => <DataTable caption={t('caption')} rows={items} keyOf={({ agent }) => agent} columns={columns} />}
        </Listing>
      ) : (
        <SupervisorsOnly />
      )}
    </Section>
  )
}

function useColumns(): readonly Column<Reviewer>[] {
  const t = useText(REVIEWERS)
  const s = useText(SETTINGS)
  return [
    {
      key: 'agent',
      title: t('agent'),
      cell: ({ agent, by }) => (
        <>
          <strong>{visibleText(agent)}</strong>
          <p className="muted small">{by === null ? t('unbound') : visibleText(by)}</p>
        </>
      ),
    },
    { key: 'state', title: s('state'), cell: (reviewer) => <ReviewerState reviewer={reviewer} /> },
    { key: 'record', title: t('record'), cell: ({ record }) => <RecordText record={record} /> },
    { key: 'safe', title: t('safe'), cell: ({ record }) => <Evidence record={record} risk="safe" /> },
    { key: 'medium', title: t('medium'), cell: ({ record }) => <Evidence record={record} risk="medium" /> },
    { key: 'do', title: s('do'), cell: (reviewer) => <ReviewerAct reviewer={reviewer} /> },
  ]
}

function ReviewerState({ reviewer }: { readonly reviewer: Reviewer }): ReactNode {
  const t = useText(REVIEWERS)
  const { state, reason, changedBy, changedAt } = reviewer
  const who = visibleText(personText(changedBy ?? ''))
  return (
    <>
      <span className={`badge tone-${state === 'active' ? 'good' : 'bad'}`}>{t(state)}</span>
      {changedAt === null ? null : (
        <p className="muted small">
          {reason === null || reason === ''
            ? t('changedSo', { who, time: timeText(changedAt) })
            : t('changed', { who, time: timeText(changedAt), reason: visibleText(reason) })}
        </p>
      )}
    </>
  )
}

function RecordText({ record }: Pick<Reviewer, 'record'>): ReactNode {
  const t = useText(REVIEWERS)
  const { agreed, disagreed, caught, missed, decided } = record
  return (
    <ul className="small">
      <li>{t('agreement', { agreed, disagreed })}</li>
      <li>{t('canaries', { caught, missed })}</li>
      <li>{t('decided', { decided })}</li>
    </ul>
  )
}

interface EvidenceProps extends Pick<Reviewer, 'record'> {
  readonly risk: 'safe' | 'medium'
}

function Evidence({ record, risk }: EvidenceProps): ReactNode {
  const t = useText(REVIEWERS)
  const percent = `${Math.round(record.share[risk] * 100)} %`
  return (
    <>
      <Meter label={t('evidence', { risk })} share={record.share[risk]} text={percent} />
      {record.counts[risk] ? <p className="good small">✓ {t('counts')}</p> : null}
    </>
  )
}

function ReviewerAct({ reviewer: { agent, state } }: { readonly reviewer: Reviewer }): ReactNode {
  const t = useText(REVIEWERS)
  const { scope } = useSignedIn()
  const { administers, supervises } = usePowers()
  const name = visibleText(agent)
  if (state === 'active') {
    return supervises ? (
      <AskedButton
        label={t('suspend')}
        of={name}
        title={t('suspendTitle', { agent: name })}
        description={t('suspendEffect')}
        confirmKind="danger"
        asksReason
        does={(reason) => scope.reviewers.suspend(agent, reason)}
        says={t('suspendSaid')}
      />
    ) : null
  }
  return administers ? (
    <AskedButton
      label={t('resume')}
      of={name}
      title={t('resumeTitle', { agent: name })}
      description={t('resumeEffect')}
      asksReason
      does={(reason) => scope.reviewers.resume(agent, reason)}
      says={t('resumeSaid')}
    />
  ) : null
}
