import type { Adaptation, LearningSession } from '@preceptor/learning'
import { COMPARE, TICKET_CORRECTION, TICKET_IMPROVED, TICKET_ORIGINAL, TICKETS } from './scenarios.ts'
import { follow, type Row, type Stage } from './stage.ts'

const TYPE = 'ticketing'
const WEAK = 10
const PATIENCE_MS = 60_000
const LOOK_MS = 100

/** Ten weak sessions in a batch, done by the worker; then what continuous learning makes of them, and what that changes. */
export async function showAdaptation(stage: Stage): Promise<readonly Row[]> {
  const { operations, scope, model } = stage
  const ended = await follow(scope, `learning:${TYPE}`)
  const added = await follow(scope, `learning:${TYPE}`)
  model.forgetCalls()
  const waiting: LearningSession[] = []
  for (const task of TICKETS.slice(0, WEAK)) waiting.push(await ticket(stage, task, 'batch'))
  const done = await ended('learning_session.completed', WEAK)
  await added('adaptation.added', 1)
  const weak = await Promise.all(done.map((id) => operations.sessions.get(id)))
  const weakMean = meanOf(weak)
  const corrections = model.calls.filter(({ rule }) => rule === 'correct').length
  const isLeft = waiting.every(({ state }) => state === 'pending')
  model.forgetCalls()
  const later: LearningSession[] = []
  for (const task of TICKETS.slice(WEAK)) later.push(await ticket(stage, task, 'continuous'))
  const guided = model.calls.filter(({ rule, prompt }) => rule === 'correct' && prompt.system.includes(COMPARE))
  const adaptation = await measured(stage)
  const isUsed = later.every((one) => one.adaptationId === adaptation.id && one.improvedResponse === TICKET_IMPROVED)
  const laterMean = meanOf(later)
  return [
    {
      part: 'batch',
      what: `${WEAK} sessions left to the worker`,
      result: `${done.length} done with ${corrections} corrections: ${weakMean.toFixed(1)} points on average`,
      holds: isLeft && new Set(done).size === WEAK && corrections === WEAK && weakMean < 5,
    },
    {
      part: 'adaptation',
      what: adaptation.cause,
      result: adaptation.change,
      holds: weak.every(({ adaptationId }) => adaptationId === null) && adaptation.state === 'active',
    },
    {
      part: 'adaptation',
      what: `${later.length} sessions since`,
      result: `${guided.length} asked with its guidance: ${laterMean.toFixed(1)} points, effectiveness ${adaptation.effectiveness?.toFixed(2)}`,
      holds:
        isUsed && guided.length === later.length && laterMean > weakMean + 15 && (adaptation.effectiveness ?? 0) > 0.3,
    },
  ]
}

function ticket({ operations }: Stage, task: string, mode: 'batch' | 'continuous'): Promise<LearningSession> {
  const about = { agentType: TYPE, format: 'documentation', context: task, mode }
  return operations.sessions.start({ ...about, originalResponse: TICKET_ORIGINAL, correction: TICKET_CORRECTION })
}

function meanOf(sessions: readonly LearningSession[]): number {
  return sessions.reduce((sum, { improvement }) => sum + (improvement ?? Number.NaN), 0) / sessions.length
}

/** The adaptation once the worker has measured it over three sessions. */
async function measured({ operations }: Stage): Promise<Adaptation> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; ) {
    const { items } = await operations.analytics.adaptations({ agentType: TYPE })
    const [newest] = items
    if (newest !== undefined && newest.effectiveness !== null) return newest
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  throw new Error('The adaptation was not measured.')
}
