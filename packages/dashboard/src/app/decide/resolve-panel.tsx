import { type ReactNode, useState } from 'react'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { TextField } from '../ui/text-field.tsx'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

const OUTCOMES = [
  ['succeeded', 'It took effect'],
  ['failed', 'It did not take effect'],
] as const

/** Says what came of a run that never reported: only a person can find that out. */
export function ResolvePanel({ card, decide, onClose }: PanelProps): ReactNode {
  const [outcome, setOutcome] = useState<'succeeded' | 'failed'>()
  const [reason, setReason] = useState('')
  const confirm = (): void => {
    if (outcome === undefined) return
    decide.run(
      (proposals) => proposals.resolve(card.proposal.id, { outcome, reason: reason.trim() }),
      () => 'Recorded how it ended.',
    )
  }
  return (
    <DecisionPanel
      title="Say how the run ended"
      decide={decide}
      confirm={{ label: 'Record it', kind: 'primary', isReady: outcome !== undefined && reason.trim() !== '' }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <ChoiceChips legend="What you found out" options={OUTCOMES} value={outcome} onChange={setOutcome} />
      <TextField label="How you know" value={reason} onChange={setReason} isRequired rows={2} />
    </DecisionPanel>
  )
}
