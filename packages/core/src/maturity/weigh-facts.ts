import { applyDelta } from './apply-delta.ts'
import type { EvidenceFact } from './evidence-store.ts'
import { capGain } from './gain-caps.ts'
import type { MaturityRecord } from './store.ts'
import { detectorAfter, type FactCount, fallOf, isCapped, requestOf, riseOf } from './weigh-fact.ts'

/** What is known of an agent before some of its facts are weighed. */
export interface Known {
  readonly records: readonly MaturityRecord[]
  /** When it was last demoted, by capability; milliseconds. */
  readonly demotedAt: ReadonlyMap<string, number>
  /** Basis points that it gained in the window of the caps. */
  readonly gained: number
  /** The same by each person who vouches for one of the facts. */
  readonly gainedThrough: ReadonlyMap<string, number>
  readonly policy: FactCount['policy']
}

/** What a fact comes to. */
export interface WeighedFact {
  readonly fact: EvidenceFact
  readonly requested: number
  readonly applied: number
  /** After it. */
  readonly confidence: number
}

/** What the first of some facts come to. */
export interface Weighed {
  readonly facts: readonly WeighedFact[]
  /** The records that they count for, before them all and after them all. */
  readonly changes: readonly RecordChange[]
}

/** A record before some facts and after them, at one level. */
export interface RecordChange {
  readonly before: MaturityRecord
  readonly after: MaturityRecord
}

/**
 * Weighs facts of one agent in their order, each after what those before it came to, up to the first that could change a
 * level or whose record is not there yet.
 *
 * @throws GovernanceError `INPUT_INVALID` for evidence out of range.
 */
export function weighFacts(known: Known, facts: readonly EvidenceFact[]): Weighed {
  const { policy } = known
  const changes = new Map(known.records.map((record) => [record.capability, { before: record, after: record }]))
  const gains: Gains = { gained: known.gained, through: new Map(known.gainedThrough) }
  const weighed: WeighedFact[] = []
  for (const fact of facts) {
    const change = changes.get(fact.capability)
    if (change === undefined) break
    const count = { record: change.after, fact, policy }
    const requested = requestOf(count)
    const isStale = (known.demotedAt.get(fact.capability) ?? Number.NEGATIVE_INFINITY) >= Date.parse(fact.at)
    const allowed = isStale && requested > 0 ? 0 : allowedOf(gains, { ...count, requested })
    const { applied, confidence } = applyDelta(count.record.confidence, allowed)
    const moved = { ...count.record, confidence }
    const after = isStale ? moved : { ...moved, detector: detectorAfter({ ...count, record: moved }) }
    const counted = { ...count, record: after }
    if (fallOf(counted) !== null || riseOf(counted) !== null) break
    changes.set(fact.capability, { before: change.before, after })
    weighed.push({ fact, requested, applied, confidence })
    if (applied > 0) addGain(gains, fact, applied)
  }
  return { facts: weighed, changes: [...changes.values()].filter(({ before, after }) => before !== after) }
}

interface Gains {
  gained: number
  readonly through: Map<string, number>
}

function allowedOf({ gained, through }: Gains, count: FactCount & { readonly requested: number }): number {
  const { fact, requested } = count
  if (!isCapped(count)) return requested
  const gainedThrough = fact.reviewers.map((reviewer) => through.get(reviewer) ?? 0)
  return capGain({ requested, gained, gainedThrough, isTraining: fact.evidence.kind === 'training' })
}

/** What is gained by one fact is gained before the next: every kind of fact that gives anything counts towards the caps. */
function addGain(gains: Gains, { reviewers }: EvidenceFact, applied: number): void {
  gains.gained += applied
  for (const reviewer of reviewers) gains.through.set(reviewer, (gains.through.get(reviewer) ?? 0) + applied)
}
