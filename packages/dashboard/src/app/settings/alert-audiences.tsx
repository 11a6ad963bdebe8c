import { type AlertAudience, type AlertSeverity, visibleText, type Webhook } from '@preceptor/client'
import type { ReactNode } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { ALERT_RULES } from './alert-messages.ts'

interface Target {
  readonly target: string
  /** Where it is; null of a channel. */
  readonly url: string | null
  readonly from: AlertSeverity
}

/** From which severity on each webhook is told, and each channel that is not told of all. */
export function AlertAudiences({ audiences }: { readonly audiences: readonly AlertAudience[] }): ReactNode {
  const t = useText(ALERT_RULES)
  const { scope } = useSignedIn()
  const list = usePages<Webhook>({
    queryKey: ['webhooks', 'list'],
    read: (cursor) => scope.webhooks.list({ limit: 50, ...cursorOf(cursor) }),
  })
  const columns: readonly Column<Target>[] = [
    {
      key: 'target',
      title: t('target'),
      cell: ({ target, url }) => <span className="agent-text strong">{visibleText(url ?? target)}</span>,
    },
    { key: 'from', title: t('from'), cell: (target) => <From target={target} /> },
  ]
  return (
    <section className="panel" aria-label={t('audienceTitle')}>
      <h3 className="panel-title">{t('audienceTitle')}</h3>
      <p className="muted">{t('audienceIntro')}</p>
      <Listing list={list} empty={<Empty title={t('noAudience')}>{t('noAudienceWhy')}</Empty>}>
        {(webhooks) => (
          <DataTable
            caption={t('audienceTitle')}
            rows={targetsOf(webhooks, audiences)}
            keyOf={({ target }) => target}
            columns={columns}
          />
        )}
      </Listing>
    </section>
  )
}

function targetsOf(webhooks: readonly Webhook[], audiences: readonly AlertAudience[]): readonly Target[] {
  const known = new Map(audiences.map(({ target, from }) => [target, from]))
  const own = webhooks.map(({ id, url }) => ({ target: id, url, from: known.get(id) ?? ('info' as const) }))
  const isShown = new Set(own.map(({ target }) => target))
  const others = audiences.filter(({ target }) => !isShown.has(target))
  return [...own, ...others.map(({ target, from }) => ({ target, url: null, from }))]
}

function From({ target: { target, url, from } }: { readonly target: Target }): ReactNode {
  const t = useText(ALERT_RULES)
  const { scope } = useSignedIn()
  const tell = useAct<AlertSeverity, AlertAudience>({
    does: (chosen) => scope.alerts.tell(target, chosen),
    says: () => t('told'),
  })
  return (
    <>
      <SelectField<AlertSeverity>
        label={t('fromOf', { target: visibleText(url ?? target) })}
        value={from}
        options={[
          ['info', t('fromInfo')],
          ['warning', t('fromWarning')],
          ['critical', t('fromCritical')],
        ]}
        onChange={tell.run}
        isLabelHidden
      />
      {tell.error === null ? null : <ProblemNote error={tell.error} />}
    </>
  )
}
