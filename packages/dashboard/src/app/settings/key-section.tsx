import { type ApiKey, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { personText, timeText } from '../data/format.ts'
import { useNow } from '../data/now.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { cursorOf, usePages } from '../data/use-pages.ts'
import { useText } from '../text/use-text.ts'
import { AskedButton } from '../ui/asked-button.tsx'
import { Button } from '../ui/button.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listing } from '../ui/listing.tsx'
import { KeyDialog } from './key-dialog.tsx'
import { API_KEYS } from './key-messages.ts'
import { KeyRotationDialog } from './key-rotation-dialog.tsx'
import { AdminsOnly, Section } from './section.tsx'
import { SETTINGS } from './settings-messages.ts'

/** What people, agents and services authenticate with. */
export function KeySection(): ReactNode {
  const t = useText(API_KEYS)
  const { scope } = useSignedIn()
  const { administers } = usePowers()
  const [open, setOpen] = useState<ApiKey | 'new' | null>(null)
  const close = (): void => setOpen(null)
  const list = usePages<ApiKey>({
    queryKey: ['keys'],
    read: (cursor) => scope.keys.list({ limit: 50, ...cursorOf(cursor) }),
    isOn: administers,
  })
  const columns = useColumns(setOpen)
  const create = (
    <Button kind="primary" onClick={() => setOpen('new')}>
      {t('create')}
    </Button>
  )
  return (
    <Section title={t('title')} intro={t('intro')} actions={administers ? create : undefined}>
      {administers ? (
        <Listing list={list} empty={<Empty title={t('empty')} />}>
          {(items) => <DataTable caption={t('caption')} rows={items} keyOf={({ id }) => id} columns={columns} />}
        </Listing>
      ) : (
        <AdminsOnly />
      )}
      {open === 'new' ? <KeyDialog onClose={close} /> : null}
      {open !== null && open !== 'new' ? <KeyRotationDialog apiKey={open} onClose={close} /> : null}
    </Section>
  )
}

function useColumns(onRotate: (key: ApiKey) => void): readonly Column<ApiKey>[] {
  const t = useText(API_KEYS)
  const s = useText(SETTINGS)
  return [
    {
      key: 'key',
      title: t('key'),
      cell: ({ displayName, prefix, createdBy, createdAt }) => (
        <>
          <strong>{visibleText(displayName)}</strong> <code className="muted">{visibleText(prefix)}…</code>
          <p className="muted small">
            {t('madeBy', { who: visibleText(personText(createdBy)), time: timeText(createdAt) })}
          </p>
        </>
      ),
    },
    {
      key: 'for',
      title: t('forWhom'),
      cell: ({ principalKind, principalId }) => (
        <>
          <span className="muted">{t(principalKind)}</span> {visibleText(principalId)}
        </>
      ),
    },
    { key: 'may', title: t('may'), cell: (key) => <Rights apiKey={key} /> },
    {
      key: 'used',
      title: t('lastUsed'),
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? t('unused') : timeText(lastUsedAt)),
    },
    { key: 'ends', title: t('ends'), cell: (key) => <KeyEnd apiKey={key} /> },
    { key: 'do', title: s('do'), cell: (key) => <KeyActs apiKey={key} onRotate={() => onRotate(key)} /> },
  ]
}

function Rights({ apiKey }: { readonly apiKey: ApiKey }): ReactNode {
  const t = useText(API_KEYS)
  const { roles, scopes, agents } = apiKey
  return (
    <div className="stack tight">
      {roles.length + scopes.length === 0 ? <span className="muted">—</span> : null}
      <span className="line tight">
        {roles.map((role) => (
          <span key={role} className="tag">
            {t(role)}
          </span>
        ))}
        {scopes.map((scope) => (
          <code key={scope} className="tag">
            {visibleText(scope)}
          </code>
        ))}
      </span>
      {agents === null ? null : (
        <p className="small">{t('onlyAgents', { agents: agents.map((agent) => visibleText(agent)).join(', ') })}</p>
      )}
    </div>
  )
}

/** Whether a key works now, by the clock of the server. */
function useKeyState({ revokedAt, expiresAt }: ApiKey): 'active' | 'revoked' | 'expired' {
  const { clockOffset } = useSignedIn()
  const isOver = useNow((now) => expiresAt !== null && Date.parse(expiresAt) <= now + clockOffset)
  if (revokedAt !== null) return 'revoked'
  return isOver ? 'expired' : 'active'
}

function KeyEnd({ apiKey }: { readonly apiKey: ApiKey }): ReactNode {
  const t = useText(API_KEYS)
  const state = useKeyState(apiKey)
  const end = apiKey.revokedAt ?? apiKey.expiresAt
  return (
    <>
      <span className={`badge tone-${state === 'active' ? 'good' : 'quiet'}`}>{t(state)}</span>
      <p className="small">{end === null ? t('endless') : timeText(end)}</p>
      {apiKey.replacedBy === null ? null : (
        <p className="muted small">{t('rotated', { id: visibleText(apiKey.replacedBy) })}</p>
      )}
    </>
  )
}

function KeyActs({ apiKey, onRotate }: { readonly apiKey: ApiKey; readonly onRotate: () => void }): ReactNode {
  const t = useText(API_KEYS)
  const { scope } = useSignedIn()
  const state = useKeyState(apiKey)
  if (state !== 'active') return null
  const name = visibleText(apiKey.displayName)
  return (
    <span className="line tight">
      {apiKey.replacedBy === null ? (
        <Button kind="quiet" onClick={onRotate}>
          {t('rotate')}
          <span className="visually-hidden">: {name}</span>
        </Button>
      ) : null}
      <AskedButton
        label={t('revoke')}
        of={name}
        title={t('revokeTitle', { name })}
        description={t('revokeEffect')}
        confirmKind="danger"
        does={() => scope.keys.revoke(apiKey.id)}
        says={t('revokedSaid')}
      />
    </span>
  )
}
