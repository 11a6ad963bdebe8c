import type { Agent, Maturity } from '@preceptor/client'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useMemo, useState } from 'react'
import { ChartFrame } from '../charts/chart-frame.tsx'
import { type Forecast, forecastOf, reachedAt } from '../charts/robust-trend.ts'
import { StepJourney } from '../charts/step-journey.tsx'
import { timeText } from '../data/format.ts'
import { useSignedIn } from '../data/session-context.ts'
import { addressOfId } from '../shell/address-of-id.ts'
import { languageTag, useText } from '../text/use-text.ts'
import { ChoiceChips } from '../ui/choice-chips.tsx'
import { Reading } from '../ui/reading.tsx'
import { AGENT } from './agent-messages.ts'
import { agentQuery, ledgerQuery, transitionsQuery } from './agent-queries.ts'
import { AGENTS } from './agents-messages.ts'
import { JOURNEY_RANGES, type JourneyRange, USUAL_RANGE } from './agents-search.ts'
import { JourneyLegend } from './journey-legend.tsx'
import { FLOORS, FULL, type Journey, type JourneyMark, journeyOf, levelAbove } from './journey-model.ts'
import { journeyColumns, journeyRows } from './journey-table.tsx'
import { changeText, scoreText } from './score-text.ts'
import '../styles/agents.css'
import '../styles/journey.css'

const WHOLE = '*'
const DAY_MS = 86_400_000
const AHEAD = 0.25

interface JourneyChartProps {
  readonly agentId: string
  /** Days that are shown; without it the chart keeps them itself. */
  readonly range?: JourneyRange
  readonly onRange?: (range: JourneyRange) => void
  /** The capability with a record of its own that is shown; default: the agent as a whole. */
  readonly capability?: string
}

/** The maturity journey of an agent: it reads what it shows, and can stand alone. */
export function JourneyChart({ agentId, range, onRange, capability = WHOLE }: JourneyChartProps): ReactNode {
  const t = useText(AGENT)
  const { scope, clockOffset } = useSignedIn()
  const [own, setOwn] = useState<JourneyRange>(USUAL_RANGE)
  const days = range ?? own
  const agent = useQuery(agentQuery(scope, agentId))
  const ledger = useQuery(ledgerQuery(scope, agentId, days))
  const transitions = useQuery(transitionsQuery(scope, agentId))
  return (
    <div className="journey-frame">
      <ChoiceChips
        legend={t('range')}
        options={JOURNEY_RANGES.map((one) => [one, t('days', { days: one })] as const)}
        value={days}
        onChange={onRange ?? setOwn}
      />
      <Reading query={agent}>
        {(known) => (
          <Reading query={ledger}>
            {({ items, isWhole }) => (
              <Reading query={transitions}>
                {(changes) => (
                  <>
                    <Drawn
                      agent={known}
                      source={{
                        ledger: items.filter((entry) => entry.capability === capability),
                        transitions: changes.items.filter((change) => change.capability === capability),
                        maturity: known.maturity,
                        now: Date.now() + clockOffset,
                        days,
                      }}
                    />
                    {isWhole ? null : <p className="muted small">{t('journeyCut', { count: items.length })}</p>}
                  </>
                )}
              </Reading>
            )}
          </Reading>
        )}
      </Reading>
    </div>
  )
}

interface DrawnProps {
  readonly agent: Agent
  readonly source: Parameters<typeof journeyOf>[0]
}

function Drawn({ agent, source }: DrawnProps): ReactNode {
  const t = useText(AGENT)
  const levels = useText(AGENTS)
  const navigate = useNavigate()
  const { ledger, transitions, days } = source
  // biome-ignore lint/correctness/useExhaustiveDependencies: the present time alone draws nothing anew
  const journey = useMemo(
    () => journeyOf(source),
    [ledger.length, transitions.length, days, source.maturity, ledger[0]?.id],
  )
  const forecast = useMemo(
    () => forecastOf(journey.daily, { aheadMs: days * DAY_MS * AHEAD, least: 0, most: FULL }),
    [journey, days],
  )
  const levelName = (maturity: Maturity): string => levels(maturity)
  const rows = useMemo(() => journeyRows(source, journey), [source, journey])
  return (
    <ChartFrame
      title={t('journeyTitle')}
      summary={summaryOf({ t, journey, agent, levelName })}
      columns={journeyColumns(t, levelName)}
      rows={rows}
      keyOf={({ id }) => id}
      legend={<JourneyLegend hasForecast={forecast !== null} marks={journey.marks} />}
    >
      <StepJourney
        journey={journey}
        forecast={forecast}
        label={t('journeyLabel')}
        levelName={levelName}
        markName={(mark, count) => markName(t, { mark, count, levelName })}
        forecastName={forecast === null ? '' : forecastText(t, 'forecastName', forecast)}
        addressOf={(mark) => (mark.source === null ? undefined : addressOfId(mark.source))}
        onOpen={(address) => void navigate({ to: address })}
      />
      <p className="muted small">{forecastSentence(t, { forecast, agent, levelName })}</p>
    </ChartFrame>
  )
}

type AgentText = ReturnType<typeof useText<keyof (typeof AGENT)['english']>>

interface Said {
  readonly t: AgentText
  readonly journey: Journey
  readonly agent: Agent
  readonly levelName: (maturity: Maturity) => string
}

function summaryOf({ t, journey, agent, levelName }: Said): string {
  const [first, last] = [journey.confidence[0], journey.confidence.at(-1)]
  const change = (last?.value ?? 0) - (first?.value ?? 0)
  return t('journeySummary', {
    level: levelName(journey.levels.at(-1)?.maturity ?? agent.maturity),
    score: scoreText(last?.value ?? agent.confidence),
    change: changeText(change),
  })
}

const MARK_TEXTS = {
  training: 'markTraining',
  promotion: 'markPromotion',
  demotion: 'markDemotion',
  rejection: 'markRejection',
  edit: 'markEdit',
  termination: 'markTermination',
  incident: 'markIncident',
} as const

function markName(
  t: AgentText,
  said: { readonly mark: JourneyMark; readonly count: number; readonly levelName: (maturity: Maturity) => string },
): string {
  const { mark, count, levelName } = said
  return t(MARK_TEXTS[mark.kind], {
    count,
    date: timeText(new Date(mark.at).toISOString()),
    score: scoreText(mark.value),
    level: mark.to === null ? '' : levelName(mark.to),
  })
}

function dateText(at: number): string {
  return new Intl.DateTimeFormat(languageTag(), { day: 'numeric', month: 'short', year: 'numeric' }).format(at)
}

function forecastText(t: AgentText, key: 'forecastName' | 'forecastSay', { points }: Forecast): string {
  const last = points.at(-1)
  if (last === undefined) return ''
  return t(key, {
    value: scoreText(last.value),
    low: scoreText(last.low),
    high: scoreText(last.high),
    date: dateText(last.at),
  })
}

function forecastSentence(
  t: AgentText,
  said: {
    readonly forecast: Forecast | null
    readonly agent: Agent
    readonly levelName: (maturity: Maturity) => string
  },
): string {
  const { forecast, agent, levelName } = said
  if (forecast === null) return t('noForecast')
  const next = levelAbove(agent.maturity)
  const at = next === undefined ? null : reachedAt(forecast, FLOORS[next])
  if (next === undefined || at === null) return forecastText(t, 'forecastSay', forecast)
  return t('forecastReach', { level: levelName(next), floor: scoreText(FLOORS[next]), date: dateText(at) })
}
