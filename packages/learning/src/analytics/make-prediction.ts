import { type Actor, inWorkspace, isoTime, type Tx } from '@preceptor/core/plugin'
import type { Prediction } from '../client/trainer.ts'
import type { SessionPorts } from '../ports/session-ports.ts'
import { parseAgentType } from '../sessions/parse-session.ts'
import { type PredictionOutcome, predictNext } from './prediction.ts'
import { findCurrentPrediction, insertPrediction, listScored } from './prediction-store.ts'
import { RECENT_SESSIONS } from './recent-sessions.ts'

const LEVEL = 0.9
const CURRENT_MS = 3_600_000

/**
 * Predicts how the next sessions of a type come out, and keeps that to be compared with what comes.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`.
 */
export async function makePrediction(ports: SessionPorts, actor: Actor, agentType: string): Promise<Prediction> {
  ports.authorizer.authorize(actor, 'learning.analytics.predict')
  const type = parseAgentType(agentType)
  return inWorkspace(ports.context.database, { workspace: actor.workspace }, (tx) => currentPrediction(ports, tx, type))
}

/** The prediction of the last hour where no session was scored since, else a new one: looking on predicts nothing twice. */
export async function currentPrediction(ports: SessionPorts, tx: Tx, agentType: string): Promise<Prediction> {
  const after = isoTime(ports.context.clock.now() - CURRENT_MS)
  const current = await findCurrentPrediction(tx, { agentType, after })
  return current?.shown ?? predictIn(ports, tx, agentType)
}

async function predictIn({ context }: SessionPorts, tx: Tx, agentType: string): Promise<Prediction> {
  const sessions = await listScored(tx, { agentType, limit: RECENT_SESSIONS })
  const next = predictNext({ sessions, now: context.clock.now(), level: LEVEL })
  if (next.outcome === 'too_few') return { state: 'too_few', sessions: next.n, needed: next.needed }
  const { low, high } = next.interval
  const shown = {
    state: 'predicted',
    id: context.ids.next('prd'),
    agentType,
    mean: next.mean,
    interval: [low, high],
    level: next.level,
    direction: next.direction,
    factors: factorsOf(next),
    recommendations: next.recommendations.map(({ text }) => text),
    until: isoTime(next.until),
    createdAt: isoTime(next.madeAt),
  } as const
  await insertPrediction(tx, { shown, sessions: next.sessions })
  return shown
}

function factorsOf({
  factors,
  sessions,
  direction,
}: Extract<PredictionOutcome, { readonly outcome: 'predicted' }>): Extract<
  Prediction,
  { readonly state: 'predicted' }
>['factors'] {
  return [
    { name: 'slope', value: factors.slope, effect: `Points a session: ${direction}.` },
    { name: 'variance', value: factors.variance, effect: 'Square points: the more, the wider the interval.' },
    {
      name: 'sample_size',
      value: factors.sampleSize,
      effect: 'Sessions looked at: the more, the narrower the interval.',
    },
    { name: 'days_since_last', value: factors.daysSinceLast, effect: 'The more, the less the past tells.' },
    {
      name: 'expected_sessions',
      value: sessions,
      effect: 'Sessions that the mean is of, as far as they come in time.',
    },
  ]
}
