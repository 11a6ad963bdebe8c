import { type ReactNode, useState } from 'react'
import { duration, timeText } from '../data/format.ts'
import { useText } from '../text/use-text.ts'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { DECIDE } from './decide-messages.ts'
import { DecisionPanel } from './panel.tsx'
import type { PanelProps } from './panel-props.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const SPANS = [HOUR / 2, HOUR, 8 * HOUR, DAY] as const
/** No proposal waits longer than this after it was made. */
const MOST = 7 * DAY

/** Gives more time to decide. The expiry is part of what is approved, so that approvals given so far count no more. */
export function ExtendPanel({ card, decide, onClose }: PanelProps): ReactNode {
  const t = useText(DECIDE)
  const [span, setSpan] = useState<number>(SPANS[0])
  const { id, version, actionHash, expiresAt, createdAt } = card.proposal
  const until = new Date(Math.min(Date.parse(expiresAt) + span, Date.parse(createdAt) + MOST)).toISOString()
  const spans = SPANS.map((length) => [length, length === DAY ? t('oneDay') : duration(length)] as const)
  const confirm = (): void =>
    decide.run(
      (proposals) => proposals.extend(id, { version, actionHash, until }),
      () => t('extendedSaid', { time: timeText(until) }),
    )
  return (
    <DecisionPanel
      title={t('extendTitle')}
      decide={decide}
      confirm={{ label: t('extend'), kind: 'primary', isReady: Date.parse(until) > Date.parse(expiresAt) }}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className="muted small">{t('extendHint', { time: timeText(until) })}</p>
      <ChoiceChips legend={t('byHowMuch')} options={spans} value={span} onChange={setSpan} />
    </DecisionPanel>
  )
}
