import { type ReactNode, useState } from 'react'
import { useText } from '../text/use-text.ts'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { TextField } from '../ui/text-field.tsx'
import { DECIDE } from './decide-messages.ts'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

/** Says what came of a run that never reported: only a person can find that out. */
export function ResolvePanel({ card, decide, onClose }: PanelProps): ReactNode {
  const t = useText(DECIDE)
  const outcomes = [
    ['succeeded', t('tookEffect')],
    ['failed', t('tookNoEffect')],
  ] as const
  const [outcome, setOutcome] = useState<'succeeded' | 'failed'>()
  const [reason, setReason] = useState('')
  const confirm = (): void => {
    if (outcome === undefined) return
    decide.run(
      (proposals) => proposals.resolve(card.proposal.id, { outcome, reason: reason.trim() }),
      () => t('resolvedSaid'),
    )
  }
  return (
    <DecisionPanel
      title={t('resolveTitle')}
      decide={decide}
      confirm={{ label: t('resolve'), kind: 'primary', isReady: outcome !== undefined && reason.trim() !== '' }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <ChoiceChips legend={t('foundOut')} options={outcomes} value={outcome} onChange={setOutcome} />
      <TextField label={t('howYouKnow')} value={reason} onChange={setReason} isRequired rows={2} />
    </DecisionPanel>
  )
}
