import { type Delivery, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AskedButton } from '../ui/asked-button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { Panel } from '../ui/page.tsx'
import { SETTINGS } from './settings-messages.ts'
import { WEBHOOKS } from './webhook-messages.ts'

const TONES: Readonly<Record<Delivery['state'], string>> = {
  pending: 'info',
  sending: 'info',
  delivered: 'good',
  failed: 'bad',
  cancelled: 'quiet',
}

/** How a delivery stands. */
export function DeliveryState({ delivery: { state } }: { readonly delivery: Delivery }): ReactNode {
  const t = useText(WEBHOOKS)
  return <span className={`badge tone-${TONES[state]}`}>{t(state)}</span>
}

/** What a webhook was told. */
export function WebhookDeliveries({ id }: { readonly id: string }): ReactNode {
  const t = useText(WEBHOOKS)
  const { scope } = useSignedIn()
  const webhook = useQuery({ queryKey: ['webhooks', 'one', id], queryFn: () => scope.webhooks.get(id) })
  const list = usePages<Delivery>({
    queryKey: ['webhooks', 'deliveries', id],
    read: (cursor) => scope.webhooks.deliveries(id, { limit: 50, ...cursorOf(cursor) }),
  })
  const title = t('deliveriesOf', { url: visibleText(webhook.data?.url ?? id) })
  const columns = useColumns(id)
  return (
    <Panel title={title}>
      <Listing list={list} empty={<Empty title={t('noDeliveries')}>{t('noDeliveriesWhy')}</Empty>}>
        {(items) => <DataTable caption={title} rows={items} keyOf={({ id: key }) => key} columns={columns} />}
      </Listing>
    </Panel>
  )
}

function useColumns(webhook: string): readonly Column<Delivery>[] {
  const t = useText(WEBHOOKS)
  const s = useText(SETTINGS)
  const { scope } = useSignedIn()
  return [
    {
      key: 'kind',
      title: t('kind'),
      cell: ({ kind, subjectId }) => (
        <>
          <code>{visibleText(kind)}</code>
          <p className="muted small">{visibleText(subjectId)}</p>
        </>
      ),
    },
    { key: 'state', title: s('state'), cell: (delivery) => <DeliveryState delivery={delivery} /> },
    { key: 'attempt', title: t('attempt'), isNumber: true, cell: ({ attempt }) => attempt },
    {
      key: 'answer',
      title: t('answer'),
      cell: ({ status, error }) => (
        <>
          {status === null ? t('noAnswer') : status}
          {error === null ? null : <p className="bad small">{visibleText(error)}</p>}
        </>
      ),
    },
    { key: 'made', title: t('made_at'), cell: ({ createdAt }) => timeText(createdAt) },
    { key: 'next', title: t('next'), cell: ({ dueAt }) => (dueAt === null ? '—' : timeText(dueAt)) },
    {
      key: 'do',
      title: s('do'),
      cell: ({ id, kind, state }) =>
        state === 'pending' || state === 'sending' ? null : (
          <AskedButton
            label={t('replay')}
            of={visibleText(kind)}
            title={t('replayTitle', { kind: visibleText(kind) })}
            description={t('replayEffect')}
            does={() => scope.webhooks.replay(webhook, id)}
            says={t('replayed')}
          />
        ),
    },
  ]
}
