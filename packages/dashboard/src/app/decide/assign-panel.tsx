import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { DECIDE } from './decide-messages.ts'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

const NOBODY = ''

/** Says who is to decide; everybody else still may. */
export function AssignPanel({ card, decide, onClose }: PanelProps): ReactNode {
  const t = useText(DECIDE)
  const { scope, identity } = useSignedIn()
  const { id, assignedTo } = card.proposal
  const [to, setTo] = useState(assignedTo ?? identity.principal.id)
  const members = useQuery({ queryKey: ['members'], queryFn: () => scope.members.list({ limit: 100 }) })
  const reviewers =
    members.data?.items.filter(({ roles }) => roles.includes('admin') || roles.includes('supervisor')) ?? []
  const confirm = (): void =>
    decide.run(
      (proposals) => proposals.assign(id, to === NOBODY ? null : to),
      () => (to === NOBODY ? t('leftToEverybody') : t('assignedSaid', { who: to })),
    )
  return (
    <DecisionPanel
      title={t('assignTitle')}
      decide={decide}
      confirm={{ label: t('assign'), kind: 'primary', isReady: members.isSuccess && to !== (assignedTo ?? NOBODY) }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <label className="field">
        <span className="field-label">{t('whoDecides')}</span>
        <select value={to} onChange={(event) => setTo(event.target.value)}>
          <option value={NOBODY}>{t('everybody')}</option>
          {reviewers.map(({ userId, displayName }) => (
            <option key={userId} value={userId}>
              {displayName === userId ? userId : `${displayName} (${userId})`}
            </option>
          ))}
        </select>
      </label>
    </DecisionPanel>
  )
}
