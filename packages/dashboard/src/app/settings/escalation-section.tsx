import { type Escalation, type EscalationStep, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { duration } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { type Text, useText } from '../text/use-text.ts'
import { AskedButton } from '../ui/asked-button.tsx'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { EscalationDialog } from './escalation-dialog.tsx'
import { ESCALATIONS } from './escalation-messages.ts'
import { Section } from './section.tsx'
import { SETTINGS } from './settings-messages.ts'

/** Who is told of proposals that nobody decides. */
export function EscalationSection(): ReactNode {
  const t = useText(ESCALATIONS)
  const { scope } = useSignedIn()
  const { administers } = usePowers()
  const [isOpen, setOpen] = useState(false)
  const list = usePages<Escalation>({
    queryKey: ['escalations'],
    read: (cursor) => scope.escalations.list({ limit: 50, ...cursorOf(cursor) }),
  })
  const columns = useColumns(administers)
  const create = (
    <Button kind="primary" onClick={() => setOpen(true)}>
      {t('create')}
    </Button>
  )
  return (
    <Section title={t('title')} intro={t('intro')} actions={administers ? create : undefined}>
      <Listing list={list} empty={<Empty title={t('empty')}>{t('emptyWhy')}</Empty>}>
        {(items) => <DataTable caption={t('caption')} rows={items} keyOf={({ id }) => id} columns={columns} />}
      </Listing>
      {isOpen ? <EscalationDialog onClose={() => setOpen(false)} /> : null}
    </Section>
  )
}

function useColumns(mayRemove: boolean): readonly Column<Escalation>[] {
  const t = useText(ESCALATIONS)
  const s = useText(SETTINGS)
  const { scope } = useSignedIn()
  const acting: Column<Escalation> = {
    key: 'do',
    title: s('do'),
    cell: ({ id, name }) => (
      <AskedButton
        label={t('remove')}
        of={visibleText(name)}
        title={t('removeTitle', { name: visibleText(name) })}
        description={t('removeEffect')}
        confirmKind="danger"
        does={() => scope.escalations.remove(id)}
        says={t('removed')}
      />
    ),
  }
  return [
    { key: 'name', title: t('name'), cell: ({ name }) => <strong>{visibleText(name)}</strong> },
    { key: 'match', title: t('matches'), cell: ({ match }) => matchText(t, match) },
    {
      key: 'steps',
      title: t('steps'),
      cell: ({ steps, repeat }) => (
        <ol className="escalation-steps">
          {steps.map((step, index) => (
            // Steps have no name but their place.
            // biome-ignore lint/suspicious/noArrayIndexKey: they never move
            <li key={index}>{stepText(t, step)}</li>
          ))}
          {repeat === 0 ? null : <li className="muted">{t('repeats', { count: repeat })}</li>}
        </ol>
      ),
    },
    ...(mayRemove ? [acting] : []),
  ]
}

type T = Text<keyof typeof ESCALATIONS.english>

function matchText(t: T, { risks, action, agent }: Escalation['match']): string {
  const parts = [
    ...(risks === undefined || risks.length === 0 ? [] : [t('risk', { risks: risks.join(', ') })]),
    ...(action === undefined ? [] : [t('ofAction', { action: visibleText(action) })]),
    ...(agent === undefined ? [] : [t('ofAgent', { agent: visibleText(agent) })]),
  ]
  return parts.length === 0 ? t('allProposals') : parts.join(' · ')
}

function stepText(t: T, { afterMs, notify }: EscalationStep): string {
  return t('step', { time: duration(afterMs), whom: whomOf(t, notify) })
}

function whomOf(t: T, notify: EscalationStep['notify']): string {
  if ('role' in notify) return t('role', { role: t(notify.role) })
  return 'user' in notify
    ? t('user', { user: visibleText(notify.user) })
    : t('webhook', { webhook: visibleText(notify.webhook) })
}
