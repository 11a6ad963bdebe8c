import { type ReactNode, useState } from 'react'
import { timeText } from '../data/format.ts'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

const HOUR = 3_600_000
const SPANS = [
  [HOUR / 2, '30 min'],
  [HOUR, '1 h'],
  [8 * HOUR, '8 h'],
  [24 * HOUR, '1 day'],
] as const
/** No proposal waits longer than this after it was made. */
const MOST = 7 * 24 * HOUR

/** Gives more time to decide. The expiry is part of what is approved, so that approvals given so far count no more. */
export function ExtendPanel({ card, decide, onClose }: PanelProps): ReactNode {
  const [span, setSpan] = useState<number>(SPANS[0][0])
  const { id, version, actionHash, expiresAt, createdAt } = card.proposal
  const until = new Date(Math.min(Date.parse(expiresAt) + span, Date.parse(createdAt) + MOST)).toISOString()
  const confirm = (): void =>
    decide.run(
      (proposals) => proposals.extend(id, { version, actionHash, until }),
      () => `There is time until ${timeText(until)}.`,
    )
  return (
    <DecisionPanel
      title="Give more time"
      decide={decide}
      confirm={{ label: 'Extend', kind: 'primary', isReady: Date.parse(until) > Date.parse(expiresAt) }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="muted small">
        It then expires {timeText(until)}. That makes a new version: approvals given so far count no more.
      </p>
      <ChoiceChips legend="By how much" options={SPANS} value={span} onChange={setSpan} />
    </DecisionPanel>
  )
}
