import { type Grant, visibleText } from '@preceptor/client'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { personText, timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AskedButton } from '../ui/asked-button.tsx'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { GrantDialog } from './grant-dialog.tsx'
import { conditionText } from './grant-matcher.ts'
import { GRANTS } from './grant-messages.ts'
import { Section } from './section.tsx'
import { SETTINGS } from './settings-messages.ts'

const STATES = ['all', 'active', 'used_up', 'expired', 'revoked'] as const
const TONES: Readonly<Record<Grant['state'], string>> = {
  active: 'good',
  used_up: 'quiet',
  expired: 'quiet',
  revoked: 'bad',
}

/** Grants: what may run without asking. */
export function GrantSection(): ReactNode {
  const t = useText(GRANTS)
  const { scope } = useSignedIn()
  const { supervises } = usePowers()
  const navigate = useNavigate()
  const { state = 'all', agent } = useSearch({ from: '/settings/$section' })
  const [isOpen, setOpen] = useState(false)
  const list = usePages<Grant>({
    queryKey: ['grants', state, agent ?? ''],
    read: (cursor) =>
      scope.grants.list({
        limit: 50,
        ...(state === 'all' ? {} : { state }),
        ...(agent === undefined ? {} : { agent }),
        ...cursorOf(cursor),
      }),
  })
  const columns = useColumns(supervises)
  return (
    <Section
      title={t('title')}
      intro={t('intro')}
      actions={
        supervises ? (
          <Button kind="primary" onClick={() => setOpen(true)}>
            {t('create')}
          </Button>
        ) : undefined
      }
    >
      <div className="line">
        <SelectField
          label={t('filter')}
          isLabelHidden
          value={STATES.find((known) => known === state) ?? 'all'}
          options={STATES.map((known) => [known, t(known)] as const)}
          onChange={(chosen) =>
            void navigate({
              to: '/settings/$section',
              params: { section: 'grants' },
              search: { ...(chosen === 'all' ? {} : { state: chosen }), ...(agent === undefined ? {} : { agent }) },
              replace: true,
            })
          }
        />
      </div>
      <Listing list={list} empty={<Empty title={t('empty')}>{t('emptyWhy')}</Empty>}>
        {(items) => <DataTable caption={t('caption')} rows={items} keyOf={({ id }) => id} columns={columns} />}
      </Listing>
      {isOpen ? <GrantDialog onClose={() => setOpen(false)} /> : null}
    </Section>
  )
}

function useColumns(mayRevoke: boolean): readonly Column<Grant>[] {
  const t = useText(GRANTS)
  const s = useText(SETTINGS)
  const { scope } = useSignedIn()
  const acting: Column<Grant> = {
    key: 'do',
    title: s('do'),
    cell: ({ id, state, agent, action }) =>
      state === 'active' ? (
        <AskedButton
          label={t('revoke')}
          of={`${visibleText(agent)}, ${visibleText(action)}`}
          title={t('revokeTitle')}
          description={t('revokeEffect')}
          confirmKind="danger"
          asksReason
          does={(reason) => scope.grants.revoke(id, reason)}
          says={t('revokedSaid')}
        />
      ) : null,
  }
  return [
    {
      key: 'allows',
      title: t('allows'),
      cell: (grant) => <Allowed grant={grant} />,
    },
    {
      key: 'state',
      title: s('state'),
      cell: ({ state, lapsed }) => (
        <>
          <span className={`badge tone-${TONES[state]}`}>{t(state)}</span>
          {state === 'active' && lapsed !== null ? <p className="bad small">{t(lapsed)}</p> : null}
        </>
      ),
    },
    { key: 'uses', title: t('uses'), isNumber: true, cell: ({ used, uses }) => t('used', { used, uses }) },
    { key: 'until', title: t('until'), cell: ({ expiresAt }) => timeText(expiresAt) },
    ...(mayRevoke ? [acting] : []),
  ]
}

function Allowed({ grant }: { readonly grant: Grant }): ReactNode {
  const t = useText(GRANTS)
  const { agent, action, matcher, reason, createdBy } = grant
  return (
    <div className="stack tight">
      <p>
        <span className="agent">{visibleText(agent)}</span> <code>{visibleText(action)}</code>
      </p>
      <ul className="conditions">
        {Object.entries(matcher.args).map(([arg, condition]) => (
          <li key={arg}>
            <code>{visibleText(conditionText(arg, condition))}</code>
          </li>
        ))}
        {matcher.resource == null ? null : <li>{t('resource', { resource: visibleText(matcher.resource) })}</li>}
      </ul>
      <p className="muted small">
        {t('madeBy', { who: visibleText(personText(createdBy)), reason: visibleText(reason) })}
      </p>
    </div>
  )
}
