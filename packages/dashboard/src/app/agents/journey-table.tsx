import { type ConfidenceEntry, type Maturity, type MaturityTransition, visibleText } from '@preceptor/client'
import type { ReactNode } from 'react'
import { personText, timeText } from '../data/format.ts'
import type { Text } from '../text/use-text.ts'
import type { Column } from '../ui/data-table.tsx'
import type { AGENT } from './agent-messages.ts'
import { causeText } from './cause-text.ts'
import type { Journey } from './journey-model.ts'
import { changeText, scoreText } from './score-text.ts'
import { SourceLink } from './source-link.tsx'

/** One row of the twin of the chart: a row of the ledger, or a change of the level. */
export interface JourneyRow {
  readonly id: string
  readonly at: string
  readonly entry: ConfidenceEntry | null
  readonly transition: MaturityTransition | null
}

/** Everything that the chart of a journey shows, newest first. */
export function journeyRows(
  source: { readonly ledger: readonly ConfidenceEntry[]; readonly transitions: readonly MaturityTransition[] },
  { from }: Journey,
): readonly JourneyRow[] {
  const rows = [
    ...source.ledger.map((entry) => ({ id: entry.id, at: entry.createdAt, entry, transition: null })),
    ...source.transitions.map((transition) => ({
      id: transition.id,
      at: transition.createdAt,
      entry: null,
      transition,
    })),
  ]
  return rows.filter(({ at }) => Date.parse(at) >= from).sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
}

/** The columns of that table. */
export function journeyColumns(
  t: Text<keyof (typeof AGENT)['english']>,
  levelName: (maturity: Maturity) => string,
): readonly Column<JourneyRow>[] {
  const what = ({ entry, transition }: JourneyRow): ReactNode => {
    if (entry !== null) return causeText(t, entry)
    if (transition === null) return ''
    return <strong>{t('becameLevel', { from: levelName(transition.from), to: levelName(transition.to) })}</strong>
  }
  return [
    { key: 'at', title: t('when'), cell: ({ at }) => timeText(at) },
    { key: 'what', title: t('what'), cell: what },
    { key: 'change', title: t('change'), isNumber: true, cell: ({ entry }) => entry && changeText(entry.applied) },
    { key: 'score', title: t('score'), isNumber: true, cell: ({ entry }) => entry && scoreText(entry.confidence) },
    {
      key: 'by',
      title: t('by'),
      cell: ({ entry, transition }) => visibleText(personText(entry?.actor ?? transition?.actor ?? '')),
    },
    {
      key: 'source',
      title: t('source'),
      cell: ({ entry }) => (entry === null ? null : <SourceLink id={entry.sourceId} />),
    },
  ]
}
