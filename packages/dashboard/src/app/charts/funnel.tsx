import { type ReactNode, useId } from 'react'
import { useText } from '../text/use-text.ts'
import { ChartFrame } from './chart-frame.tsx'
import { CHARTS } from './chart-messages.ts'
import { DrawingGround } from './drawing.tsx'
import { Patterns, patternAddress } from './patterns.tsx'
import type { Series } from './series.ts'
import { useChartWidth } from './use-chart-width.ts'
import { usePoints } from './use-points.ts'

/** One part of a whole. */
export interface FunnelPart<Key extends string> extends Series<Key> {
  readonly count: number
  /** 0 to 1; null of nothing. */
  readonly share: number | null
}

interface FunnelProps<Key extends string> {
  readonly title: string
  readonly summary?: string
  readonly parts: readonly FunnelPart<Key>[]
  readonly shareOf: (share: number | null) => string
}

const ROW = 34
const BAR = 12

/** Where a whole goes: one bar for each part, named at the bar. */
export function Funnel<Key extends string>({ title, summary, parts, shareOf }: FunnelProps<Key>): ReactNode {
  const t = useText(CHARTS)
  const isNothing = parts.every(({ count }) => count === 0)
  return (
    <ChartFrame
      title={title}
      {...(summary === undefined ? {} : { summary })}
      rows={isNothing ? [] : parts}
      keyOf={({ key }) => key}
      columns={[
        { key: 'part', title: t('part'), cell: ({ label }) => label },
        { key: 'count', title: t('number'), isNumber: true, cell: ({ count }) => count },
        { key: 'share', title: t('share'), isNumber: true, cell: ({ share }) => shareOf(share) },
      ]}
    >
      <Bars title={title} parts={parts} shareOf={shareOf} />
    </ChartFrame>
  )
}

function Bars<Key extends string>({ title, parts, shareOf }: Omit<FunnelProps<Key>, 'summary'>): ReactNode {
  const prefix = useId().replaceAll(/\W/g, '')
  const [place, width] = useChartWidth()
  const whole = parts.reduce((sum, { count }) => sum + count, 0)
  const points = usePoints(parts.map(({ label, count, share }) => `${label}: ${count}, ${shareOf(share)}`))
  return (
    <div ref={place} className="chart-canvas">
      <DrawingGround title={title} width={width} height={parts.length * ROW}>
        <Patterns prefix={prefix} />
        {parts.map(({ key, label, count, share, tone, pattern }, index) => {
          const box = {
            x: 0,
            y: index * ROW + 17,
            width: count === 0 ? 0 : Math.max((count / whole) * width, 2),
            height: BAR,
            rx: 3,
          }
          return (
            <g key={key} data-point="" className="chart-point" {...points.of(index)}>
              <rect x="0" y={index * ROW} width={width} height={ROW} className="chart-hit" />
              <text x="0" y={index * ROW + 12} className="chart-label">
                {label}
              </text>
              <text x={width} y={index * ROW + 12} textAnchor="end" className="chart-label">
                {count} · {shareOf(share)}
              </text>
              <rect x="0" y={box.y} width={width} height={BAR} rx="3" className="chart-track" />
              <rect {...box} className={`fill-${tone}`} />
              {pattern === 'plain' ? null : <rect {...box} fill={patternAddress(prefix, pattern)} />}
            </g>
          )
        })}
      </DrawingGround>
    </div>
  )
}
