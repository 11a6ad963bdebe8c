import type { ReactNode } from 'react'
import type { Series, SeriesPattern } from './series.ts'

const DRAWINGS: Readonly<Record<Exclude<SeriesPattern, 'plain'>, string>> = {
  hatch: 'M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2',
  dots: 'M1.5,1.5 h.01 M4.5,4.5 h.01',
  lines: 'M0,3 h6',
  cross: 'M0,0 l6,6 M6,0 l-6,6',
}

/** What a drawing refers to its patterns by. */
export const patternAddress = (prefix: string, pattern: SeriesPattern): string => `url(#${prefix}-${pattern})`

/** The patterns of a drawing; ids are of one drawing alone. */
export function Patterns({ prefix }: { readonly prefix: string }): ReactNode {
  return (
    <defs>
      {Object.entries(DRAWINGS).map(([name, path]) => (
        <pattern key={name} id={`${prefix}-${name}`} width="6" height="6" patternUnits="userSpaceOnUse">
          <path d={path} className="pattern" />
        </pattern>
      ))}
    </defs>
  )
}

/** Which colour and pattern stands for what. */
export function ChartLegend<Key extends string>(props: {
  readonly series: readonly Series<Key>[]
  readonly prefix: string
}): ReactNode {
  return (
    <ul className="chart-legend">
      {props.series.map(({ key, label, tone, pattern }) => (
        <li key={key} className="legend-item">
          <svg viewBox="0 0 14 14" className="swatch" aria-hidden="true">
            <Patterns prefix={`${props.prefix}-${key}`} />
            <rect width="14" height="14" rx="3" className={`fill-${tone}`} />
            {pattern === 'plain' ? null : (
              <rect width="14" height="14" rx="3" fill={patternAddress(`${props.prefix}-${key}`, pattern)} />
            )}
          </svg>
          {label}
        </li>
      ))}
    </ul>
  )
}
