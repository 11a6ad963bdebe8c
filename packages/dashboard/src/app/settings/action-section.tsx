import { type CataloguedAction, visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { personText, timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { MaturityBadge, RiskBadge } from '../ui/badges.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { JsonView } from '../ui/json-view.tsx'
import { Listing } from '../ui/listing.tsx'
import { ACTIONS } from './action-messages.ts'
import { Section } from './section.tsx'

const SNIPPET = `await scope.registerActions({
  'refund.create': {
    risk: 'high',
    args: { type: 'object', properties: { cents: { type: 'integer' } } },
    execute: ({ args }) => payments.refund(args),
  },
})`

/** The catalogue of actions. */
export function ActionSection(): ReactNode {
  const t = useText(ACTIONS)
  const { scope } = useSignedIn()
  const list = usePages<CataloguedAction>({
    queryKey: ['actions'],
    read: (cursor) => scope.actions.list({ limit: 50, ...cursorOf(cursor) }),
  })
  const empty = (
    <Empty title={t('empty')} snippet={SNIPPET}>
      {t('emptyWhy')}
    </Empty>
  )
  return (
    <Section title={t('title')} intro={t('intro')}>
      <Listing list={list} empty={empty}>
        {(items) => (
          <DataTable
            caption={t('caption')}
            rows={items}
            keyOf={({ digest }) => digest}
            columns={[
              { key: 'name', title: t('name'), cell: (action) => <ActionName action={action} /> },
              { key: 'risk', title: t('risk'), cell: ({ risk }) => <RiskBadge risk={risk} /> },
              {
                key: 'capability',
                title: t('capability'),
                cell: ({ capability }) => <span className="tag">{visibleText(capability)}</span>,
              },
              { key: 'ceiling', title: t('ceiling'), cell: ({ ceiling }) => <MaturityBadge maturity={ceiling} /> },
              {
                key: 'idempotent',
                title: t('idempotent'),
                cell: ({ idempotent }) => t(idempotent ? 'yes' : 'no'),
              },
            ]}
          />
        )}
      </Listing>
    </Section>
  )
}

function ActionName({ action }: { readonly action: CataloguedAction }): ReactNode {
  const t = useText(ACTIONS)
  const { name, description, args, digest, registeredBy, registeredAt } = action
  return (
    <div className="stack action-name">
      <code className="strong">{visibleText(name)}</code>
      {description === null ? null : <span className="muted">{visibleText(description)}</span>}
      <details>
        <summary>
          {t('show')}
          <span className="visually-hidden">: {visibleText(name)}</span>
        </summary>
        <div className="stack details-body">
          {args === null ? <p className="muted">{t('anyObject')}</p> : <JsonView value={args} />}
          <dl className="facts small">
            <dt>{t('digest')}</dt>
            <dd>
              <code>{digest}</code>
            </dd>
            <dt>{t('registered')}</dt>
            <dd>
              {timeText(registeredAt)}, {visibleText(personText(registeredBy))}
            </dd>
          </dl>
        </div>
      </details>
    </div>
  )
}
