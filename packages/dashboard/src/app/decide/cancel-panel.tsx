import { type ReactNode, useState } from 'react'
import { useText } from '../text/use-text.ts'
import { TextField } from '../ui/text-field.tsx'
import { DECIDE } from './decide-messages.ts'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

/** Takes back what has not begun to run. */
export function CancelPanel({ card, decide, onClose }: PanelProps): ReactNode {
  const t = useText(DECIDE)
  const [reason, setReason] = useState('')
  const confirm = (): void =>
    decide.run(
      (proposals) => proposals.cancel(card.proposal.id, reason.trim()),
      () => t('cancelledSaid'),
    )
  return (
    <DecisionPanel
      title={t('cancelTitle')}
      decide={decide}
      confirm={{ label: t('cancel'), kind: 'danger', isReady: reason.trim() !== '' }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="muted small">{t('cancelHint')}</p>
      <TextField label={t('reason')} value={reason} onChange={setReason} isRequired rows={2} />
    </DecisionPanel>
  )
}
