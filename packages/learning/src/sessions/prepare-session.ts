import type { Tx } from '@preceptor/core/plugin'
import { findActiveAdaptation } from '../analytics/adaptation-store.ts'
import type { Example } from '../client/feedback.ts'
import { findMatches, readExamples } from '../examples/example-store.ts'
import type { TrainerParts } from '../options/open-trainer-parts.ts'
import { strategyNameOf } from '../strategies/strategy-name.ts'
import type { SessionWork } from './attempt-session.ts'
import type { StoredSession } from './stored-session.ts'
import { waysOf } from './ways.ts'

const MOST_WORDS = 40
const WORD = /[\p{L}\p{N}]{4,}/gu

/** Reads what a session works with: the adaptation in force, and the examples that fit what was asked. */
export async function prepareSession(
  { strategies }: Pick<TrainerParts, 'strategies'>,
  tx: Tx,
  session: StoredSession,
): Promise<SessionWork> {
  const { agentType, mode, context } = session
  const adaptation = (await findActiveAdaptation(tx, agentType)) ?? null
  const own = strategyNameOf(strategies, agentType)
  const ways = waysOf(mode, { own, generic: strategyNameOf(strategies, 'generic'), adaptation })
  const most = Math.max(...ways.map(({ examples }) => examples))
  return { session, ways, examples: await findFitting(tx, { agentType, text: context, limit: most }) }
}

/** Examples of a type that share words with a text, those with the most first. What is held out stays out. */
async function findFitting(
  tx: Tx,
  { agentType, text, limit }: { readonly agentType: string; readonly text: string; readonly limit: number },
): Promise<readonly Example[]> {
  const words = [...new Set(text.toLowerCase().match(WORD) ?? [])].slice(0, MOST_WORDS)
  if (words.length === 0) return []
  const filter = { agent: null, agentType, tag: null, isHeldOut: false, isApplied: null, only: null }
  const found = await findMatches(tx, { ...filter, search: words.join(' or '), after: null, limit })
  return readExamples(
    tx,
    found.slice(0, limit).map(({ id }) => id),
  )
}
