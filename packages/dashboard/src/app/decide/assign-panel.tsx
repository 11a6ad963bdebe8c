import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useSignedIn } from '../data/session-context.ts'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

const NOBODY = ''

/** Says who is to decide; everybody else still may. */
export function AssignPanel({ card, decide, onClose }: PanelProps): ReactNode {
  const { scope, identity } = useSignedIn()
  const { id, assignedTo } = card.proposal
  const [to, setTo] = useState(assignedTo ?? identity.principal.id)
  const members = useQuery({ queryKey: ['members'], queryFn: () => scope.members.list({ limit: 100 }) })
  const reviewers =
    members.data?.items.filter(({ roles }) => roles.includes('admin') || roles.includes('supervisor')) ?? []
  const confirm = (): void =>
    decide.run(
      (proposals) => proposals.assign(id, to === NOBODY ? null : to),
      () => (to === NOBODY ? 'It is left to everybody who may decide.' : `Assigned to ${to}.`),
    )
  return (
    <DecisionPanel
      title="Assign this proposal"
      decide={decide}
      confirm={{ label: 'Assign', kind: 'primary', isReady: members.isSuccess && to !== (assignedTo ?? NOBODY) }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <label className="field">
        <span className="field-label">Who decides</span>
        <select value={to} onChange={(event) => setTo(event.target.value)}>
          <option value={NOBODY}>Everybody who may</option>
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
