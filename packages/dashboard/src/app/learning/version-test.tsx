import type { PlaybookTest } from '@preceptor/client'
import type { ReactNode } from 'react'
import { useText } from '../text/use-text.ts'
import { IntervalBar } from './interval-bar.tsx'
import { LEARNING } from './learning-messages.ts'
import { signed } from './score-scale.ts'

/** How a version did on cases that it never saw. */
export function VersionTest({ test }: { readonly test: PlaybookTest | null }): ReactNode {
  const t = useText(LEARNING)
  if (test === null) return <span className="badge tone-quiet">{t('untested')}</span>
  const { improvement, interval, p, cases, against } = test
  const [low, high] = interval
  const text = t('tested', {
    improvement: signed(improvement),
    low: signed(low),
    high: signed(high),
    p: p.toPrecision(2),
    cases,
  })
  return (
    <div className="lr-test">
      <IntervalBar label={text} interval={interval} middle={improvement} />
      <span className="small">{text}</span>
      <span className="muted small">{against === null ? t('againstNone') : t('against', { version: against })}</span>
    </div>
  )
}
