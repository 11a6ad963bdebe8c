import { type ReactNode, useState } from 'react'
import { TextField } from '../ui/text-field.tsx'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

/** Takes back what has not begun to run. */
export function CancelPanel({ card, decide, onClose }: PanelProps): ReactNode {
  const [reason, setReason] = useState('')
  const confirm = (): void =>
    decide.run(
      (proposals) => proposals.cancel(card.proposal.id, reason.trim()),
      () => 'Withdrawn. It will not run.',
    )
  return (
    <DecisionPanel
      title="Withdraw this proposal"
      decide={decide}
      confirm={{ label: 'Withdraw', kind: 'danger', isReady: reason.trim() !== '' }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="muted small">It ends without a verdict on the agent. To say that it was wrong, reject it.</p>
      <TextField label="Reason" value={reason} onChange={setReason} isRequired rows={2} />
    </DecisionPanel>
  )
}
