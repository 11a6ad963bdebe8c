import { GovernanceError } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { type EvidenceFact, gainedSince, lastDemotions, markCounted } from './evidence-store.ts'
import { GAIN_WINDOW_MS } from './gain-caps.ts'
import { confidenceChanged } from './record-evidence.ts'
import { insertEntries, listRecords, updateRecords } from './store.ts'
import type { FactCount } from './weigh-fact.ts'
import { type Known, type WeighedFact, weighFacts } from './weigh-facts.ts'

/** Facts of one agent in their order; the caller holds it alone. */
export interface FactsCount {
  readonly agent: string
  readonly facts: readonly EvidenceFact[]
  readonly policy: FactCount['policy']
}

/**
 * Counts the first of some facts, as many as change no level, with as many statements as a few of them would take; gives how
 * many. They come to what they would come to one by one.
 *
 * @throws GovernanceError `INPUT_INVALID` for evidence out of range, `CONFLICT` where one of them or its source was counted
 * before: counted one by one, they pass over it.
 */
export async function countTogether(context: GovernorContext, tx: Tx, count: FactsCount): Promise<number> {
  const { facts, changes } = weighFacts(await readKnown(context, tx, count), count.facts)
  if (facts.length === 0) return 0
  const at = isoTime(context.clock.now())
  const ids = facts.map(({ fact }) => fact.id)
  if (!(await markCounted(tx, { ids, at }))) throw new GovernanceError('CONFLICT')
  const entries = facts.map((fact) => entryOf(fact, { id: context.ids.next('cfe'), createdAt: at }))
  if (!(await insertEntries(tx, entries))) throw new GovernanceError('CONFLICT')
  if (!(await updateRecords(tx, { agent: count.agent, changes, at }))) throw new GovernanceError('CONFLICT')
  await context.journal.appendAll(tx, entries.map(confidenceChanged))
  return facts.length
}

async function readKnown(context: GovernorContext, tx: Tx, { agent, facts, policy }: FactsCount): Promise<Known> {
  const since = isoTime(context.clock.now() - GAIN_WINDOW_MS)
  const reviewers = [...new Set(facts.flatMap((fact) => fact.reviewers))]
  const records = await listRecords(tx, agent)
  const { gained, gainedThrough } = await gainedSince(tx, { agent, since, reviewers })
  return {
    records,
    demotedAt: await lastDemotions(tx, agent),
    gained,
    gainedThrough: new Map(reviewers.map((reviewer, index) => [reviewer, gainedThrough[index] ?? 0])),
    policy,
  }
}

type Entry = Parameters<typeof confidenceChanged>[0]

function entryOf(weighed: WeighedFact, written: Pick<Entry, 'id' | 'createdAt'>): Entry {
  const { fact, requested, applied, confidence } = weighed
  const { agent, capability, sourceId, actor, reason } = fact
  const { kind } = fact.evidence
  return {
    ...written,
    agent,
    capability,
    kind,
    requested,
    applied,
    confidence,
    sourceType: kind,
    sourceId,
    actor,
    reason,
  }
}
