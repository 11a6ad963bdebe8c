import type { AlertSeverity } from '@preceptor/client'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { SEVERITY_SHAPES, SEVERITY_TONES } from './alert-cause.ts'
import { ALERTS } from './alerts-messages.ts'

interface SeverityBadgeProps {
  readonly severity: AlertSeverity
  /** Whether it is over. */
  readonly isPast?: boolean
}

/** How much an alert matters: a shape, a word and a colour. */
export function SeverityBadge({ severity, isPast = false }: SeverityBadgeProps): ReactNode {
  const t = useText(ALERTS)
  return (
    <span className={`badge tone-${isPast ? 'quiet' : SEVERITY_TONES[severity]}`}>
      <span aria-hidden="true">{SEVERITY_SHAPES[severity]}</span> {t(severity)}
    </span>
  )
}
