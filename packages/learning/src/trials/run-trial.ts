import { inWorkspace, isoTime, type PluginWork, type Tx } from '@preceptor/core/plugin'
import type { Example } from '../client/feedback.ts'
import { findExample } from '../examples/example-store.ts'
import { storable } from '../models/storable.ts'
import type { TrainingPorts } from '../ports/training-ports.ts'
import { answerArms, type TrialResult } from './answer-arms.ts'
import { type Arms, MOST_ATTEMPTS, type Trial, type TrialOwner } from './trial.ts'
import { claimTrial, endTrial, giveBackTrial } from './trial-store.ts'

/** What the owners of trials give: what their sides are, and what is done after each result. */
export interface TrialOwners {
  /** Undefined once the owner needs no more results. */
  readonly armsOf: (tx: Tx, owner: TrialOwner) => Promise<Arms | undefined>
  /** Told in a transaction of its own after each trial that ended. */
  readonly settle: (workspace: string, owner: TrialOwner) => Promise<void>
}

// A model that is away for half an hour ends no test: tried after 10 s, 1 min, 6 min, 36 min.
const RETRY_AFTER_MS = 10_000
const LATER = 6
// What takes down whoever runs it is not run for ever.
const MOST_CLAIMS = 2 * MOST_ATTEMPTS
const LOST_TOO_OFTEN: TrialResult = { state: 'unscored', reason: 'Every worker that took it was gone before it ended.' }

/** Runs one trial, whoever claims it first; harmless when it has ended or another worker holds it. */
export async function runTrial(ports: TrainingPorts, owners: TrialOwners, work: PluginWork): Promise<void> {
  const { workspace, id } = work
  if (id === undefined) return
  const { context } = ports
  const claimed = await inWorkspace(context.database, { workspace }, (tx) => claim(ports, owners, { tx, id }))
  if (claimed === undefined) return
  const { trial } = claimed
  const result = trial.attempts > MOST_CLAIMS ? LOST_TOO_OFTEN : await answer(ports, workspace, claimed)
  const ended = await inWorkspace(context.database, { workspace }, (tx) => record(ports, tx, { trial, result }))
  if (ended) await owners.settle(workspace, trial.owner)
}

/** What a strategy or an evaluator of the host throws is no score either. */
async function answer(
  ports: TrainingPorts,
  workspace: string,
  { trial, arms, example }: { readonly trial: Trial; readonly arms: Arms; readonly example: Example },
): Promise<TrialResult> {
  try {
    return await answerArms(ports, workspace, { arms, example, useCache: trial.attempts === 1 })
  } catch (error) {
    return { state: 'unscored', reason: error instanceof Error ? error.message : String(error) }
  }
}

async function claim(ports: TrainingPorts, owners: TrialOwners, { tx, id }: { readonly tx: Tx; readonly id: string }) {
  const now = ports.context.clock.now()
  // Both answers and both ratings, each within its time, and some more.
  const lease = ports.parts.settings.timeoutMs * 4 + RETRY_AFTER_MS
  const trial = await claimTrial(tx, id, { at: isoTime(now), until: isoTime(now + lease) })
  if (trial === undefined) return undefined
  const arms = await owners.armsOf(tx, trial.owner)
  const example = await findExample(tx, trial.exampleId)
  return arms === undefined || example === undefined ? undefined : { trial, arms, example }
}

/** True when the trial has ended. */
async function record(
  { context }: TrainingPorts,
  tx: Tx,
  { trial, result }: { readonly trial: Trial; readonly result: TrialResult },
): Promise<boolean> {
  const now = context.clock.now()
  const at = isoTime(now)
  if (result.state === 'scored') {
    return endTrial(tx, trial, { scores: { a: result.a, b: result.b }, reason: null, at })
  }
  const reason = storable(result.reason)
  if (trial.attempts >= MOST_ATTEMPTS) return endTrial(tx, trial, { scores: null, reason, at })
  await giveBackTrial(tx, trial, { reason, until: isoTime(now + RETRY_AFTER_MS * LATER ** (trial.attempts - 1)) })
  return false
}
