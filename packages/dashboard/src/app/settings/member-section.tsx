import { type Membership, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AskedButton } from '../ui/asked-button.tsx'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Listing } from '../ui/listing.tsx'
import { Reading } from '../ui/reading.tsx'
import { MemberDialog } from './member-dialog.tsx'
import { MEMBERS } from './member-messages.ts'
import { PresenceCell } from './presence-cell.tsx'
import { Section } from './section.tsx'
import { SETTINGS } from './settings-messages.ts'

/** The people of the workspace. */
export function MemberSection(): ReactNode {
  const t = useText(MEMBERS)
  const { scope } = useSignedIn()
  const { administers } = usePowers()
  const [edited, setEdited] = useState<Membership | 'new' | null>(null)
  const list = usePages<Membership>({
    queryKey: ['members'],
    read: (cursor) => scope.members.list({ limit: 50, ...cursorOf(cursor) }),
  })
  const columns = useColumns(administers ? setEdited : undefined)
  const add = (
    <Button kind="primary" onClick={() => setEdited('new')}>
      {t('add')}
    </Button>
  )
  return (
    <Section title={t('title')} intro={t('intro')} actions={administers ? add : undefined}>
      <Available />
      <Listing list={list} empty={null}>
        {(items) => <DataTable caption={t('caption')} rows={items} keyOf={({ userId }) => userId} columns={columns} />}
      </Listing>
      {edited === null ? null : (
        <MemberDialog member={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
      )}
    </Section>
  )
}

function Available(): ReactNode {
  const t = useText(MEMBERS)
  const { scope } = useSignedIn()
  const query = useQuery({ queryKey: ['presence', 'available'], queryFn: () => scope.presence.available() })
  return (
    <Reading query={query}>
      {(people) => (
        <p role="status" className={people.length === 0 ? 'note note-warn' : 'muted'}>
          <strong>{t('availableNow', { count: people.length })}</strong>{' '}
          {people.length === 0 ? t('nobodyWhy') : people.map(({ userId }) => visibleText(userId)).join(', ')}
        </p>
      )}
    </Reading>
  )
}

function useColumns(onEdit: ((member: Membership) => void) | undefined): readonly Column<Membership>[] {
  const t = useText(MEMBERS)
  const s = useText(SETTINGS)
  const acting: Column<Membership> = {
    key: 'do',
    title: s('do'),
    cell: (member) => <MemberActs member={member} onEdit={() => onEdit?.(member)} />,
  }
  return [
    {
      key: 'person',
      title: t('person'),
      cell: ({ userId, displayName }) => (
        <>
          <strong>{visibleText(displayName)}</strong>
          {displayName === userId ? null : <p className="muted small">{visibleText(userId)}</p>}
        </>
      ),
    },
    {
      key: 'roles',
      title: t('roles'),
      cell: ({ roles }) => (
        <span className="line tight">
          {roles.map((role) => (
            <span key={role} className="tag">
              {t(role)}
            </span>
          ))}
        </span>
      ),
    },
    { key: 'presence', title: t('presence'), cell: (member) => <PresenceCell member={member} /> },
    { key: 'since', title: t('since'), cell: ({ createdAt }) => timeText(createdAt) },
    ...(onEdit === undefined ? [] : [acting]),
  ]
}

function MemberActs(props: { readonly member: Membership; readonly onEdit: () => void }): ReactNode {
  const t = useText(MEMBERS)
  const { scope, identity } = useSignedIn()
  const { userId, displayName } = props.member
  const name = visibleText(displayName)
  return (
    <span className="line tight">
      <Button kind="quiet" onClick={props.onEdit}>
        {t('change')}
        <span className="visually-hidden">: {name}</span>
      </Button>
      {userId === identity.principal.id ? null : (
        <AskedButton
          label={t('remove')}
          of={name}
          title={t('removeTitle', { name })}
          description={t('removeEffect')}
          confirmKind="danger"
          does={() => scope.members.remove(userId)}
          says={t('removed')}
        />
      )}
    </span>
  )
}
