import { type Actor, inWorkspace, type Tx } from '@preceptor/core/plugin'
import type { LearningStatistics, TypeStatistics } from '../client/trainer.ts'
import type { SessionPorts } from '../ports/session-ports.ts'
import { countOnce } from './count-once.ts'
import { hitRate } from './hit-rate.ts'
import { listJudged } from './prediction-store.ts'
import { countVersions, listEnded, listTypes } from './statistics-store.ts'
import { typeStatistics } from './type-statistics.ts'

const MOST_TYPES = 100
const MOST_SESSIONS = 1_000
const MOST_PREDICTIONS = 1_000

/** The numbers of all types that have sessions which ended, and of this process. @throws GovernanceError `PERMISSION_DENIED`. */
export async function readStatistics(ports: SessionPorts, actor: Actor): Promise<LearningStatistics> {
  ports.authorizer.authorize(actor, 'learning.analytics.statistics')
  return inWorkspace(ports.context.database, { workspace: actor.workspace }, async (tx) => {
    const types: TypeStatistics[] = []
    for (const type of await listTypes(tx, MOST_TYPES)) types.push(await statisticsOf(ports, tx, type))
    const predictions = predictionNumbers(await listJudged(tx, MOST_PREDICTIONS))
    return { types, cache: cacheNumbers(ports), process: ports.processNumbers(), predictions }
  })
}

/** The numbers of one type, over its last 1,000 sessions that ended. */
export async function statisticsOf({ context }: SessionPorts, tx: Tx, agentType: string): Promise<TypeStatistics> {
  const sessions = await listEnded(tx, { agentType, limit: MOST_SESSIONS })
  const versions = await countVersions(tx, agentType)
  return typeStatistics({ agentType, sessions, versions, now: context.clock.now() })
}

function cacheNumbers({ parts: { cache } }: SessionPorts): LearningStatistics['cache'] {
  const stats = cache?.stats()
  if (stats === undefined) return { hits: 0, misses: 0, hitRate: null }
  // Who waits for an equal call reaches no model either.
  return { hits: stats.hits + stats.joined, misses: stats.misses, hitRate: stats.hitRate }
}

function predictionNumbers(judged: Awaited<ReturnType<typeof listJudged>>): LearningStatistics['predictions'] {
  const rate = hitRate(
    countOnce(judged).map(({ low, high, level, came }) => ({ interval: { low, high }, level, came })),
  )
  if (rate.outcome === 'unjudged') return { settled: 0, hits: 0, hitRate: null, interval: null }
  const { low, high } = rate.interval
  return { settled: rate.of, hits: rate.hits, hitRate: rate.rate, interval: [low, high] }
}
