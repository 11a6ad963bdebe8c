import { inWorkspace, isoTime, type PluginWork, type Tx } from '@preceptor/core/plugin'
import type { SessionPorts } from '../ports/session-ports.ts'
import { judgePrediction } from './judge-prediction.ts'
import { findPrediction, listScoredAfter, settlePrediction } from './prediction-store.ts'

/** Compares a prediction with what came; harmless while it can still come, and when it was settled before. */
export async function settleOne({ context }: SessionPorts, { workspace, id }: PluginWork): Promise<void> {
  if (id === undefined) return
  await inWorkspace(context.database, { workspace }, (tx) => settle(tx, id, context.clock.now()))
}

async function settle(tx: Tx, id: string, now: number): Promise<void> {
  const made = await findPrediction(tx, id)
  if (made?.state !== 'open') return
  const { agentType, createdAt, until, interval, level } = made.shown
  const sessions = await listScoredAfter(tx, { agentType, after: createdAt, until, limit: made.sessions })
  const judgement = judgePrediction({
    prediction: {
      interval: { low: interval[0], high: interval[1] },
      level,
      sessions: made.sessions,
      madeAt: Date.parse(createdAt),
      until: Date.parse(until),
    },
    sessions,
    now,
  })
  const at = isoTime(now)
  if (judgement.outcome === 'open') return
  if (judgement.outcome === 'nothing_came') {
    await settlePrediction(tx, id, { state: 'nothing_came', came: null, judgedTo: null, at })
    return
  }
  const last = sessions[judgement.sessions - 1]
  const judgedTo = last === undefined ? until : isoTime(last.at)
  await settlePrediction(tx, id, { state: judgement.isHit ? 'hit' : 'missed', came: judgement.came, judgedTo, at })
}
