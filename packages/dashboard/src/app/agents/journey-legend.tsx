import type { ReactNode } from 'react'
import { MARK_SIGNS } from '../charts/step-journey.tsx'
import { useText } from '../text/use-text.ts'
import { AGENT } from './agent-messages.ts'
import type { JourneyMark, MarkKind } from './journey-model.ts'

interface JourneyLegendProps {
  readonly hasForecast: boolean
  readonly marks: readonly JourneyMark[]
}

const KINDS: readonly MarkKind[] = ['training', 'promotion', 'demotion', 'rejection', 'edit', 'termination', 'incident']

/** What the lines and marks of a journey stand for; only those that are there. */
export function JourneyLegend({ hasForecast, marks }: JourneyLegendProps): ReactNode {
  const t = useText(AGENT)
  const kinds = KINDS.filter((kind) => marks.some((mark) => mark.kind === kind))
  return (
    <ul className="chart-legend muted">
      <li className="legend-line legend-confidence">{t('confidenceLine')}</li>
      <li className="legend-line legend-level">{t('levelLine')}</li>
      {hasForecast ? <li className="legend-line legend-forecast">{t('forecastLine')}</li> : null}
      {kinds.map((kind) => (
        <li key={kind}>
          <span className={`legend-mark mark-${kind}`} aria-hidden="true">
            {MARK_SIGNS[kind]}
          </span>{' '}
          {t(kind)}
        </li>
      ))}
    </ul>
  )
}
