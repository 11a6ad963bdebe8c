import type { Tx } from '../database/transaction.ts'
import { type CountedEvidence, countRecentTerminations, summarizeEvidence } from './evidence-store.ts'
import { countOpenIncidents } from './incident-store.ts'
import type { Sample } from './promotion-evidence.ts'
import type { Shown } from './promotion-gates.ts'
import type { MaturityRecord } from './store.ts'

const LAST_SESSIONS = 25

/** Reads what an agent has shown at a capability since its last transition. */
export async function readShown(tx: Tx, record: MaturityRecord): Promise<Shown> {
  const { agent, capability, confidence } = record
  const counted = await summarizeEvidence(tx, { agent, capability })
  const proposals = counted.filter(({ kind }) => kind === 'proposal')
  const sessions = counted.filter(({ kind }) => kind === 'supervision' || kind === 'termination')
  return {
    confidence,
    openIncidents: await countOpenIncidents(tx, agent),
    passedTrainings: sampleOf(counted.filter(({ kind }) => kind === 'training')).successes,
    proposals: sampleOf(proposals),
    reviewers: byReviewer(proposals),
    sessions: sampleOf(sessions),
    recentTerminations: await countRecentTerminations(tx, { agent, capability, last: LAST_SESSIONS }),
    isSignedOff: false,
  }
}

/** Halves are rounded against the agent. */
function sampleOf(counted: readonly CountedEvidence[]): Sample {
  const weight = (isSuccess: boolean): number =>
    counted
      .filter(({ success }) => success === isSuccess)
      .reduce((sum, { number, half }) => sum + number * (half ? 0.5 : 1), 0)
  return { successes: Math.floor(weight(true)), failures: Math.ceil(weight(false)) }
}

function byReviewer(counted: readonly CountedEvidence[]): ReadonlyMap<string, number> {
  const samples = new Map<string, number>()
  for (const { reviewers, number } of counted) {
    for (const reviewer of reviewers) samples.set(reviewer, (samples.get(reviewer) ?? 0) + number)
  }
  return samples
}
