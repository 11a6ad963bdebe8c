import { visibleText, type Webhook } from '@preceptor/client'
import { Link, useSearch } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AskedButton } from '../ui/asked-button.tsx'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { AdminsOnly, Section } from './section.tsx'
import { SETTINGS } from './settings-messages.ts'
import { DeliveryState, WebhookDeliveries } from './webhook-deliveries.tsx'
import { WebhookDialog } from './webhook-dialog.tsx'
import { WEBHOOKS } from './webhook-messages.ts'

/** Addresses that are told of events. */
export function WebhookSection(): ReactNode {
  const t = useText(WEBHOOKS)
  const { scope } = useSignedIn()
  const { administers } = usePowers()
  const { webhook } = useSearch({ from: '/settings/$section' })
  const [isOpen, setOpen] = useState(false)
  const list = usePages<Webhook>({
    queryKey: ['webhooks', 'list'],
    read: (cursor) => scope.webhooks.list({ limit: 50, ...cursorOf(cursor) }),
    isOn: administers,
  })
  const columns = useColumns(webhook)
  const create = (
    <Button kind="primary" onClick={() => setOpen(true)}>
      {t('create')}
    </Button>
  )
  return (
    <Section title={t('title')} intro={t('intro')} actions={administers ? create : undefined}>
      {administers ? (
        <Listing list={list} empty={<Empty title={t('empty')}>{t('emptyWhy')}</Empty>}>
          {(items) => <DataTable caption={t('caption')} rows={items} keyOf={({ id }) => id} columns={columns} />}
        </Listing>
      ) : (
        <AdminsOnly />
      )}
      {administers && webhook !== undefined ? <WebhookDeliveries key={webhook} id={webhook} /> : null}
      {isOpen ? <WebhookDialog onClose={() => setOpen(false)} /> : null}
    </Section>
  )
}

function useColumns(shown: string | undefined): readonly Column<Webhook>[] {
  const t = useText(WEBHOOKS)
  const s = useText(SETTINGS)
  return [
    {
      key: 'url',
      title: t('address'),
      cell: ({ url, state }) => (
        <>
          <span className="agent-text strong">{visibleText(url)}</span>
          <p className="line tight">
            <span className={`badge tone-${state === 'active' ? 'good' : 'bad'}`}>{t(state)}</span>
            {state === 'disabled' ? <span className="muted small">{t('disabledWhy')}</span> : null}
          </p>
        </>
      ),
    },
    { key: 'events', title: t('events'), cell: ({ events }) => <EventKinds events={events} /> },
    {
      key: 'last',
      title: t('last'),
      cell: ({ lastDelivery }) =>
        lastDelivery === null ? (
          <span className="muted">{t('noDelivery')}</span>
        ) : (
          <>
            <DeliveryState delivery={lastDelivery} />
            <p className="muted small">{timeText(lastDelivery.settledAt ?? lastDelivery.createdAt)}</p>
          </>
        ),
    },
    {
      key: 'do',
      title: s('do'),
      cell: (webhook) => <WebhookActs webhook={webhook} isShown={webhook.id === shown} />,
    },
  ]
}

function EventKinds({ events }: Pick<Webhook, 'events'>): ReactNode {
  const t = useText(WEBHOOKS)
  return (
    <details>
      <summary>{t('eventCount', { count: events.length })}</summary>
      <ul className="details-body">
        {events.map((kind) => (
          <li key={kind}>
            <code>{visibleText(kind)}</code>
          </li>
        ))}
      </ul>
    </details>
  )
}

function WebhookActs(props: { readonly webhook: Webhook; readonly isShown: boolean }): ReactNode {
  const t = useText(WEBHOOKS)
  const { scope } = useSignedIn()
  const { id, url } = props.webhook
  return (
    <span className="line tight">
      <Link
        to="/settings/$section"
        params={{ section: 'notifications' }}
        search={props.isShown ? {} : { webhook: id }}
        className="quiet-link"
      >
        {t(props.isShown ? 'hide' : 'deliveries')}
        <span className="visually-hidden">: {visibleText(url)}</span>
      </Link>
      <AskedButton
        label={t('remove')}
        of={visibleText(url)}
        title={t('removeTitle')}
        description={t('removeEffect')}
        confirmKind="danger"
        does={() => scope.webhooks.remove(id)}
        says={t('removed')}
      />
    </span>
  )
}
