import { type ReactNode, useState } from 'react'
import { duration, timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { useText } from '../text/use-text.ts'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { DECIDE } from './decide-messages.ts'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

const MINUTE = 60_000
const SPANS = [15 * MINUTE, 60 * MINUTE, 240 * MINUTE, 720 * MINUTE] as const

/** Lets escalation wait; the expiry stays where it is. */
export function SnoozePanel({ card, decide, onClose }: PanelProps): ReactNode {
  const t = useText(DECIDE)
  const { clockOffset } = useSignedIn()
  const [span, setSpan] = useState<number>(SPANS[0])
  const { id, expiresAt } = card.proposal
  const spans = SPANS.map((length) => [length, duration(length)] as const)
  const confirm = (): void => {
    const until = Math.min(Date.now() + clockOffset + span, Date.parse(expiresAt))
    decide.run(
      (proposals) => proposals.snooze(id, new Date(until).toISOString()),
      () => t('snoozedSaid'),
    )
  }
  return (
    <DecisionPanel
      title={t('snoozeTitle')}
      decide={decide}
      confirm={{ label: t('snooze'), kind: 'primary', isReady: true }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="muted small">{t('snoozeHint', { time: timeText(expiresAt) })}</p>
      <ChoiceChips legend={t('forHowLong')} options={spans} value={span} onChange={setSpan} />
    </DecisionPanel>
  )
}
