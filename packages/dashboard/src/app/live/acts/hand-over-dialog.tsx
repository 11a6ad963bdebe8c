import type { Membership } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../../data/session-context.ts'
import { useText } from '../../text/use-text.ts'
import { AskDialog } from '../../ui/ask-dialog.tsx'
import { SelectField } from '../../ui/select-field.tsx'
import { ACTS } from './acts-messages.ts'
import type { SessionDialogProps } from './dialog-props.ts'
import { useSessionAct } from './use-session-act.ts'

const NOBODY = ''

/** Offers a session to another supervisor. */
export function HandOverDialog({ session, onClose }: SessionDialogProps): ReactNode {
  const t = useText(ACTS)
  const { scope, identity } = useSignedIn()
  const [to, setTo] = useState(NOBODY)
  const members = useQuery({ queryKey: ['members', 'all'], queryFn: () => scope.members.list({ limit: 100 }) })
  const present = useQuery({ queryKey: ['presence', 'available'], queryFn: () => scope.presence.available() })
  const online = new Set(present.data?.map(({ userId }) => userId))
  const others = (members.data?.items ?? []).filter(
    (member) => canSupervise(member) && member.userId !== identity.principal.id,
  )
  const byPresence = others.toSorted((a, b) => Number(online.has(b.userId)) - Number(online.has(a.userId)))
  const act = useSessionAct({
    does: (sessions, who: string) => sessions.handOver(session.id, who),
    says: (who) => t('handedOver', { who }),
    onDone: onClose,
  })
  return (
    <AskDialog
      title={t('handOverTitle')}
      description={t('handOverNote')}
      confirm={{ label: t('handOver') }}
      isReady={to !== NOBODY}
      isBusy={act.isBusy}
      error={act.error ?? members.error}
      onConfirm={() => act.run(to)}
      onClose={onClose}
    >
      <SelectField
        label={t('to')}
        value={to}
        options={[
          [NOBODY, t('choose')],
          ...byPresence.map(
            ({ userId }) => [userId, online.has(userId) ? `${userId} (${t('online')})` : userId] as const,
          ),
        ]}
        onChange={setTo}
      />
    </AskDialog>
  )
}

function canSupervise({ roles }: Membership): boolean {
  return roles.includes('supervisor') || roles.includes('admin')
}
