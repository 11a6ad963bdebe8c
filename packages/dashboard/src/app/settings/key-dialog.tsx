import { type ApiKeyRequest, type CreatedApiKey, type Role, visibleText } from '@preceptor/client'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { CheckField } from '../ui/check-field.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { SecretDialog } from '../ui/secret-dialog.tsx'
import { TextField } from '../ui/text-field.tsx'
import { API_KEYS } from './key-messages.ts'

const KINDS = ['user', 'agent', 'service'] as const
type Kind = (typeof KINDS)[number]
const ID_LABELS = { user: 'userId', agent: 'agentId', service: 'serviceId' } as const
const DAY_MS = 86_400_000
const LIVES = [1, 30, 90, 365] as const
const linesOf = (text: string): readonly string[] => text.split(/[\s,]+/).filter((line) => line !== '')

interface Draft {
  readonly displayName: string
  readonly kind: Kind
  readonly id: string
  readonly roles: readonly Role[]
  readonly scopes: string
  readonly agents: string
  readonly days: number
}

const EMPTY: Draft = { displayName: '', kind: 'agent', id: '', roles: [], scopes: '', agents: '', days: 90 }

/** Makes an API key and shows its secret, once. */
export function KeyDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const t = useText(API_KEYS)
  const { scope, clockOffset } = useSignedIn()
  const [draft, setDraft] = useState<Draft>(EMPTY)
  const change = (part: Partial<Draft>): void => setDraft((known) => ({ ...known, ...part }))
  const [created, setCreated] = useState<CreatedApiKey | null>(null)
  const make = useAct<string, CreatedApiKey>({
    does: () => scope.keys.create(requestOf(draft, Date.now() + clockOffset)),
    says: () => t('made'),
    onDone: setCreated,
  })
  const { displayName, kind, id, roles, scopes, days } = draft
  if (created !== null) {
    const name = visibleText(displayName.trim())
    return <SecretDialog title={t('secretTitle', { name })} secret={created.secret} onClose={onClose} />
  }
  const hasRights = kind === 'agent' || (kind === 'user' ? roles.length > 0 : linesOf(scopes).length > 0)
  return (
    <AskDialog
      title={t('newTitle')}
      confirm={{ label: t('make') }}
      isReady={displayName.trim() !== '' && id.trim() !== '' && hasRights}
      isBusy={make.isBusy}
      error={make.error}
      onConfirm={make.run}
      onClose={onClose}
    >
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        value={displayName}
        isRequired
        onChange={(text) => change({ displayName: text })}
      />
      <ChoiceChips
        legend={t('kind')}
        options={KINDS.map((value) => [value, t(value)] as const)}
        value={kind}
        onChange={(chosen) => change({ kind: chosen })}
      />
      <TextField label={t(ID_LABELS[kind])} value={id} isRequired isCode onChange={(text) => change({ id: text })} />
      <Rights draft={draft} onChange={change} />
      <ChoiceChips
        legend={t('life')}
        options={LIVES.map((life) => [life as number, t('days', { days: life })] as const)}
        value={days}
        onChange={(life) => change({ days: life })}
      />
    </AskDialog>
  )
}

interface RightsProps {
  readonly draft: Draft
  readonly onChange: (part: Partial<Draft>) => void
}

function Rights({ draft: { kind, roles, scopes, agents }, onChange }: RightsProps): ReactNode {
  const t = useText(API_KEYS)
  if (kind === 'agent') return null
  if (kind === 'user') {
    return (
      <CheckField<Role>
        legend={t('roles')}
        options={(['admin', 'supervisor', 'viewer'] as const).map((role) => [role, t(role)] as const)}
        value={roles}
        onChange={(chosen) => onChange({ roles: chosen })}
      />
    )
  }
  return (
    <>
      <TextField
        label={t('scopes')}
        hint={t('scopesHint')}
        value={scopes}
        rows={4}
        isRequired
        isCode
        onChange={(text) => onChange({ scopes: text })}
      />
      <TextField label={t('agents')} value={agents} rows={2} isCode onChange={(text) => onChange({ agents: text })} />
    </>
  )
}

function requestOf({ displayName, kind, id, roles, scopes, agents, days }: Draft, now: number): ApiKeyRequest {
  const only = linesOf(agents)
  return {
    displayName: displayName.trim(),
    principalKind: kind,
    principalId: id.trim(),
    ...(kind === 'user' ? { roles } : {}),
    ...(kind === 'service' ? { scopes: linesOf(scopes), ...(only.length === 0 ? {} : { agents: only }) } : {}),
    expiresAt: new Date(now + days * DAY_MS - 60_000).toISOString(),
  }
}
