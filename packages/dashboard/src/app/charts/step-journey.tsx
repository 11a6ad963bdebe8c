import { MATURITIES, type Maturity } from '@preceptor/client'
import { type ScaleLinear, type ScaleTime, scaleLinear, scaleTime } from 'd3-scale'
import { area, curveStepAfter, line } from 'd3-shape'
import type { ReactNode } from 'react'
import { FLOORS, FULL, groupMarks, type Journey, type JourneyMark, type MarkKind } from '../agents/journey-model.ts'
import { useIsEmbedded } from '../data/embedding.ts'
import { languageTag } from '../text/use-text.ts'
import { placeMarks } from './place-marks.ts'
import type { Forecast, ForecastPoint, TrendPoint } from './robust-trend.ts'
import { useWidth } from './use-width.ts'

interface StepJourneyProps {
  readonly journey: Journey
  readonly forecast: Forecast | null
  /** What the drawing is called. */
  readonly label: string
  readonly levelName: (maturity: Maturity) => string
  /** What a mark says; `count` is how many it stands for. */
  readonly markName: (mark: JourneyMark, count: number) => string
  readonly forecastName: string
  /** Where the source of a mark is; undefined for what has no page. */
  readonly addressOf: (mark: JourneyMark) => string | undefined
  readonly onOpen: (address: string) => void
}

const HEIGHT = 300
const MARGIN = { top: 14, end: 14, bottom: 28, start: 40 }
const MARK = 22
const BOTTOM = HEIGHT - MARGIN.bottom
const FORECAST_SHARE = 0.18

/** The sign of a mark: shape and letter, beside its colour. */
export const MARK_SIGNS: Readonly<Record<MarkKind, string>> = {
  training: 'T',
  promotion: '▲',
  demotion: '▼',
  rejection: '✗',
  edit: '✎',
  termination: '■',
  incident: '!',
}

interface Scales {
  readonly x: ScaleTime<number, number>
  readonly y: ScaleLinear<number, number>
  readonly width: number
}

/** The way of an agent through the levels: bands, the step line of its level, its confidence, and what happened. */
export function StepJourney(props: StepJourneyProps): ReactNode {
  const { journey, forecast, label } = props
  const [ref, width] = useWidth<HTMLDivElement>(800)
  const plot = Math.max(120, width - MARGIN.start - MARGIN.end)
  const ahead = forecast?.points.at(-1)?.at
  const end =
    ahead === undefined ? journey.to : Math.min(ahead, journey.to + (journey.to - journey.from) * FORECAST_SHARE)
  const x = scaleTime([new Date(journey.from), new Date(end)], [MARGIN.start, MARGIN.start + plot])
  const y = scaleLinear([0, FULL], [BOTTOM, MARGIN.top])
  const scales = { x, y, width }
  return (
    <div ref={ref} className="journey">
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing with marks in it that are reached one by one */}
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} role="group" aria-label={label}>
        <Bands scales={scales} />
        <Axis scales={scales} />
        {forecast === null ? null : (
          <ForecastShape scales={scales} points={forecast.points} end={end} name={props.forecastName} />
        )}
        <Lines scales={scales} journey={journey} />
        <BandNames scales={scales} levelName={props.levelName} />
        <Marks {...props} scales={scales} />
      </svg>
    </div>
  )
}

function Bands({ scales: { y, width } }: { readonly scales: Scales }): ReactNode {
  return MATURITIES.map((maturity, index) => {
    const next = MATURITIES[index + 1]
    const top = y(next === undefined ? FULL : FLOORS[next])
    return (
      <g key={maturity} className={`band band-${maturity}`}>
        <rect
          x={MARGIN.start}
          y={top}
          width={Math.max(0, width - MARGIN.start - MARGIN.end)}
          height={y(FLOORS[maturity]) - top}
        />
      </g>
    )
  })
}

/** The names of the bands, which a line that passes below them does not cross out. */
function BandNames({
  scales: { y, width },
  levelName,
}: { readonly scales: Scales } & Pick<StepJourneyProps, 'levelName'>): ReactNode {
  return MATURITIES.map((maturity, index) => {
    const next = MATURITIES[index + 1]
    return (
      <g key={maturity} className={`band band-${maturity}`}>
        <text x={width - MARGIN.end - 8} y={y(next === undefined ? FULL : FLOORS[next]) + 15} textAnchor="end">
          {levelName(maturity)}
        </text>
      </g>
    )
  })
}

const TICK_WIDTH = 90

function Axis({ scales: { x, y, width } }: { readonly scales: Scales }): ReactNode {
  const day = new Intl.DateTimeFormat(languageTag(), { day: 'numeric', month: 'short' })
  const all = x.ticks(Math.max(2, Math.floor(width / TICK_WIDTH)))
  // Of a short range several fall on one day.
  const ticks = all.filter((time, index) => index === 0 || day.format(time) !== day.format(all[index - 1]))
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
    <g aria-hidden="true">
      {[...MATURITIES.map((maturity) => FLOORS[maturity]), FULL].map((value) => (
        <g key={value}>
          <line
            className="axis"
            x1={MARGIN.start}
            x2={Math.max(MARGIN.start, width - MARGIN.end)}
            y1={y(value)}
            y2={y(value)}
          />
          <text x={MARGIN.start - 6} y={y(value) + 4} textAnchor="end">
            {(value / FULL).toFixed(1)}
          </text>
        </g>
      ))}
      {ticks.map((time) => (
        <text key={time.getTime()} x={x(time)} y={HEIGHT - 8} textAnchor="middle">
          {day.format(time)}
        </text>
      ))}
    </g>
  )
}

function Lines({ scales: { x, y }, journey }: { readonly scales: Scales; readonly journey: Journey }): ReactNode {
  const last = journey.levels.at(-1)
  const levels = last === undefined ? [] : [...journey.levels, { ...last, at: journey.to }]
  const level = line<(typeof levels)[number]>(
    ({ at }) => x(at),
    ({ maturity }) => y(FLOORS[maturity]),
  ).curve(curveStepAfter)(levels)
  const confidence = line<TrendPoint>(
    ({ at }) => x(at),
    ({ value }) => y(value),
  ).curve(curveStepAfter)(journey.confidence)
  const now = journey.confidence.at(-1)
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus
    <g aria-hidden="true">
      <path className="level-line" d={level ?? ''} />
      <path className="confidence-line" d={confidence ?? ''} />
      {now === undefined ? null : <circle className="now-dot" cx={x(now.at)} cy={y(now.value)} r={4.5} />}
    </g>
  )
}

interface ForecastShapeProps {
  readonly scales: Scales
  readonly points: readonly ForecastPoint[]
  readonly end: number
  readonly name: string
}

function ForecastShape({ scales: { x, y }, points, end, name }: ForecastShapeProps): ReactNode {
  const shown = points.filter(({ at }) => at <= end + 1)
  const band = area<ForecastPoint>(
    ({ at }) => x(at),
    ({ low }) => y(low),
    ({ high }) => y(high),
  )(shown)
  const middle = line<ForecastPoint>(
    ({ at }) => x(at),
    ({ value }) => y(value),
  )(shown)
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a group of shapes is none
    <g role="img" aria-label={name} className="forecast">
      <path className="forecast-band" d={band ?? ''} />
      <path className="forecast-line" d={middle ?? ''} />
    </g>
  )
}

function Marks(props: StepJourneyProps & { readonly scales: Scales }): ReactNode {
  const { journey, scales, markName, addressOf, onOpen } = props
  const isEmbedded = useIsEmbedded()
  const { x, y } = scales
  const nearMs = x.invert(MARGIN.start + MARK).getTime() - x.invert(MARGIN.start).getTime()
  const groups = groupMarks(journey.marks, nearMs)
  const room = { size: MARK, top: MARGIN.top + MARK / 2, bottom: BOTTOM - MARK / 2 }
  const edge = (at: number): number => Math.max(x(at), MARGIN.start + MARK / 2)
  const places = placeMarks(
    groups.map(({ mark }) => ({ x: edge(mark.at), y: y(mark.value) })),
    room,
  )
  return groups.map(({ mark, count }, index) => {
    const { x: left, y: top } = places[index] ?? { x: 0, y: 0 }
    const name = markName(mark, count)
    const address = addressOf(mark)
    const drawing = (
      <>
        <title>{name}</title>
        <circle className="mark-hit" cx={left} cy={top} r={12} />
        <circle className="mark-dot" cx={left} cy={top} r={9.5} />
        {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: it takes no focus of its own */}
        <text x={left} y={top + 4} textAnchor="middle" aria-hidden="true">
          {MARK_SIGNS[mark.kind]}
        </text>
      </>
    )
    if (address === undefined) {
      return (
        // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a point of a chart, reached by the keyboard
        <g key={mark.id} className={`mark mark-${mark.kind}`} role="img" aria-label={name} tabIndex={0}>
          {drawing}
        </g>
      )
    }
    return (
      <a
        key={mark.id}
        className={`mark mark-${mark.kind}`}
        href={isEmbedded ? address : new URL(address.slice(1), document.baseURI).pathname}
        aria-label={name}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          onOpen(address)
        }}
      >
        {drawing}
      </a>
    )
  })
}
