import type { AnalyticsSupervision } from '@preceptor/client'
import { useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Funnel, type FunnelPart } from '../charts/funnel.tsx'
import type { SeriesPattern, SeriesTone } from '../charts/series.ts'
import { useText } from '../text/use-text.ts'
import { Reading } from '../ui/reading.tsx'
import { ANALYTICS } from './analytics-messages.ts'
import { percent, plain, seconds } from './numbers.ts'
import { ofAgent } from './row-lists.ts'
import { Tile } from './tile.tsx'
import { useAnalysis } from './use-analysis.ts'

/** How runs are watched. */
export function SupervisionView(): ReactNode {
  const query = useAnalysis('supervision')
  return <Reading query={query}>{(found) => <Supervision supervision={found} />}</Reading>
}

type Looks<Key extends string> = Readonly<Record<Key, readonly [SeriesTone, SeriesPattern]>>

const ENDS: Looks<'completed' | 'terminated' | 'failed'> = {
  completed: ['good', 'plain'],
  terminated: ['bad', 'cross'],
  failed: ['orange', 'hatch'],
}

const ACTS: Looks<'pause' | 'resume' | 'correct' | 'terminate' | 'object'> = {
  pause: ['warn', 'lines'],
  resume: ['blue', 'hatch'],
  correct: ['violet', 'dots'],
  terminate: ['bad', 'cross'],
  object: ['orange', 'hatch'],
}

function Supervision({ supervision }: { readonly supervision: AnalyticsSupervision }): ReactNode {
  const t = useText(ANALYTICS)
  const { agent } = useSearch({ from: '/analytics/$view' })
  const { sessions, interventions, rated, meanRating, queue } = supervision
  return (
    <>
      <ul className="tiles key-numbers" aria-label={t('keyNumbers')}>
        <Tile
          title={t('rating')}
          value={meanRating === null ? '—' : `${plain(meanRating)} / 5`}
          detail={t('ratedOf', { rated })}
          list={{ to: '/live', search: { state: 'completed', ...ofAgent(agent) } }}
        />
        <Tile
          title={t('waited')}
          value={String(queue.waited)}
          list={{ to: '/live', search: { queue: 'all', ...ofAgent(agent) } }}
        />
        <Tile
          title={t('waitedExpired')}
          value={String(queue.expired)}
          list={{ to: '/live', search: { queue: 'expired', ...ofAgent(agent) } }}
        />
        <Tile title={t('medianWait')} value={seconds(queue.medianWaitSeconds)} />
      </ul>
      <div className="panels">
        <section className="panel" aria-label={t('sessions')}>
          <Funnel title={t('sessions')} shareOf={percent} parts={partsOf(sessions, ENDS, (key) => t(key))} />
        </section>
        <section className="panel" aria-label={t('interventions')}>
          <Funnel title={t('interventions')} shareOf={percent} parts={partsOf(interventions, ACTS, (key) => t(key))} />
        </section>
      </div>
    </>
  )
}

/** Counts as parts of their sum, in the order of their looks. */
function partsOf<Key extends string>(
  counts: Readonly<Record<Key, number>>,
  looks: Looks<Key>,
  label: (key: Key) => string,
): readonly FunnelPart<Key>[] {
  const keys = Object.keys(looks) as Key[]
  const sum = keys.reduce((total, key) => total + counts[key], 0)
  return keys.map((key) => {
    const [tone, pattern] = looks[key]
    return { key, label: label(key), tone, pattern, count: counts[key], share: sum === 0 ? null : counts[key] / sum }
  })
}
