import { type Membership, type Presence, type PresenceState, visibleText } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { timeText } from '../data/format.ts'
import { usePowers } from '../data/roles.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useAct } from '../data/use-act.ts'
import { useText } from '../text/use-text.ts'
import { AskDialog } from '../ui/ask-dialog.tsx'
import { AskedButton } from '../ui/asked-button.tsx'
import { Button } from '../ui/button.tsx'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { MEMBERS } from './member-messages.ts'

const SIGNS: Readonly<Record<PresenceState, string>> = { online: '●', away: '◐', offline: '○' }

/** Whether a member can supervise now, and what sets it by hand. */
export function PresenceCell({ member }: { readonly member: Membership }): ReactNode {
  const t = useText(MEMBERS)
  const { scope, identity } = useSignedIn()
  const { administers, supervises } = usePowers()
  const { userId, roles, displayName } = member
  const [isOpen, setOpen] = useState(false)
  const query = useQuery({ queryKey: ['presence', userId], queryFn: () => scope.presence.get(userId) })
  // Only who supervises is present or not.
  if (!roles.includes('supervisor') && !roles.includes('admin')) return <span className="muted">—</span>
  if (query.data === undefined) return null
  const maySet = administers || (supervises && userId === identity.principal.id)
  const name = visibleText(displayName)
  return (
    <div className="stack tight">
      <PresenceText presence={query.data} />
      {maySet ? (
        <span className="line tight">
          <Button kind="quiet" onClick={() => setOpen(true)}>
            {t('setPresence')}
            <span className="visually-hidden">: {name}</span>
          </Button>
          {query.data.override === null ? null : (
            <AskedButton
              label={t('clear')}
              of={name}
              title={t('clearTitle')}
              does={() => scope.presence.clearOverride(userId)}
              says={t('cleared')}
            />
          )}
        </span>
      ) : null}
      {isOpen ? <PresenceDialog userId={userId} name={name} onClose={() => setOpen(false)} /> : null}
    </div>
  )
}

function PresenceText({ presence }: { readonly presence: Presence }): ReactNode {
  const t = useText(MEMBERS)
  const { state, override, lastActivityAt } = presence
  const until = override?.until ?? null
  return (
    <div>
      <span className={`presence-${state}`}>
        <span aria-hidden="true">{SIGNS[state]}</span> {t(state)}
      </span>
      {override === null ? null : (
        <p className="muted small">{until === null ? t('byHandOpen') : t('byHand', { until: timeText(until) })}</p>
      )}
      {override === null && lastActivityAt !== null ? (
        <p className="muted small">{t('lastActive', { time: timeText(lastActivityAt) })}</p>
      ) : null}
    </div>
  )
}

const HOUR_MS = 3_600_000
const SPANS = [1, 4, 8] as const

interface PresenceDialogProps {
  readonly userId: string
  readonly name: string
  readonly onClose: () => void
}

function PresenceDialog({ userId, name, onClose }: PresenceDialogProps): ReactNode {
  const t = useText(MEMBERS)
  const { scope, clockOffset } = useSignedIn()
  const [state, setState] = useState<PresenceState>('online')
  const [hours, setHours] = useState<number>(SPANS[0])
  const set = useAct<string, Presence>({
    does: () => {
      const until = new Date(Date.now() + clockOffset + hours * HOUR_MS).toISOString()
      return scope.presence.override(userId, { state, until })
    },
    says: () => t('presenceSet'),
    onDone: onClose,
  })
  return (
    <AskDialog
      title={t('setPresenceTitle', { name })}
      description={t('setPresenceEffect')}
      confirm={{ label: t('setPresence') }}
      isBusy={set.isBusy}
      error={set.error}
      onConfirm={set.run}
      onClose={onClose}
    >
      <ChoiceChips
        legend={t('state')}
        options={(['online', 'away', 'offline'] as const).map((value) => [value, t(value)] as const)}
        value={state}
        onChange={setState}
      />
      <ChoiceChips
        legend={t('until')}
        options={SPANS.map((span) => [span as number, t('hours', { hours: span })] as const)}
        value={hours}
        onChange={setHours}
      />
    </AskDialog>
  )
}
