import type { ReactNode } from 'react'
import { dashesOf, type Series, type SeriesPattern } from './series.ts'

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

interface ChartLegendProps<Key extends string> {
  readonly series: readonly Series<Key>[]
  readonly prefix: string
  readonly isOfLines: boolean
}

/** Which colour, pattern or dash stands for what. */
export function ChartLegend<Key extends string>({ series, prefix, isOfLines }: ChartLegendProps<Key>): ReactNode {
  return (
    <ul className="chart-legend">
      {series.map((one, place) => (
        <li key={one.key} className="legend-item">
          {isOfLines ? <LineSample series={one} place={place} /> : <Swatch series={one} prefix={prefix} />}
          {one.label}
        </li>
      ))}
    </ul>
  )
}

function LineSample({
  series: { tone },
  place,
}: {
  readonly series: Series<string>
  readonly place: number
}): ReactNode {
  return (
    <svg viewBox="0 0 26 14" className="line-sample" aria-hidden="true">
      <path d="M1,7H25" className={`chart-line stroke-${tone}`} strokeDasharray={dashesOf(place)} />
    </svg>
  )
}

function Swatch(props: { readonly series: Series<string>; readonly prefix: string }): ReactNode {
  const { key, tone, pattern } = props.series
  const prefix = `${props.prefix}-${key}`
  return (
    <svg viewBox="0 0 14 14" className="swatch" aria-hidden="true">
      <Patterns prefix={prefix} />
      <rect width="14" height="14" rx="3" className={`fill-${tone}`} />
      {pattern === 'plain' ? null : <rect width="14" height="14" rx="3" fill={patternAddress(prefix, pattern)} />}
    </svg>
  )
}
