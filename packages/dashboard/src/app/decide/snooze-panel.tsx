import { type ReactNode, useState } from 'react'
import { timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

const MINUTE = 60_000
const SPANS = [
  [15 * MINUTE, '15 min'],
  [60 * MINUTE, '1 h'],
  [240 * MINUTE, '4 h'],
  [720 * MINUTE, '12 h'],
] as const

/** Lets escalation wait; the expiry stays where it is. */
export function SnoozePanel({ card, decide, onClose }: PanelProps): ReactNode {
  const { clockOffset } = useSignedIn()
  const [span, setSpan] = useState<number>(SPANS[0][0])
  const { id, expiresAt } = card.proposal
  const confirm = (): void => {
    const until = Math.min(Date.now() + clockOffset + span, Date.parse(expiresAt))
    decide.run(
      (proposals) => proposals.snooze(id, new Date(until).toISOString()),
      () => 'Snoozed. It expires when it would have.',
    )
  }
  return (
    <DecisionPanel
      title="Snooze this proposal"
      decide={decide}
      confirm={{ label: 'Snooze', kind: 'primary', isReady: true }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="muted small">Escalation waits for that long. The proposal still expires {timeText(expiresAt)}.</p>
      <ChoiceChips legend="For how long" options={SPANS} value={span} onChange={setSpan} />
    </DecisionPanel>
  )
}
