import { GovernanceError, type PlaybookVersion } from '@preceptor/client'
import { inWorkspace, isoTime, type PluginWork, type Tx, writeVersion } from '@preceptor/core/plugin'
import type { Example } from '../client/feedback.ts'
import { listHeldOut, listTeachable, markApplied } from '../examples/training-store.ts'
import { LEARNING } from '../learning-actor.ts'
import type { TrainingPorts } from '../ports/training-ports.ts'
import { insertTrials } from '../trials/trial-store.ts'
import { composeExamples } from './compose-version.ts'
import { settleRun } from './settle-run.ts'
import { beginTest, claimWriting, failWriting, holdRun, type StoredRun } from './training-store.ts'
import { versionInUse } from './version-in-use.ts'
import { writeInstructions } from './write-instructions.ts'

// As many as the one who writes the instructions is shown.
const MOST_FRESH = 40
const MOST_CASES = 50
const MOST_ATTEMPTS = 5
const LEASE_MS = 120_000

/** Writes the version of a run and begins its test; harmless when that was done, or somebody else does it. */
export async function writeRun(ports: TrainingPorts, { workspace, id }: PluginWork): Promise<void> {
  if (id === undefined) return
  const { context } = ports
  const basis = await inWorkspace(context.database, { workspace }, (tx) => claim(ports, tx, id))
  if (basis === undefined) return
  const instructions = await writeInstructions(ports, { ...basis, agentType: basis.run.agentType })
  const trials = await inWorkspace(context.database, { workspace }, (tx) =>
    write(ports, tx, { ...basis, instructions }),
  ).catch(async (error: unknown) => {
    // What no playbook can hold will not be one at the next attempt either.
    if (!GovernanceError.isInstance(error) || error.code !== 'INPUT_INVALID') throw error
    await inWorkspace(context.database, { workspace }, (tx) => fail(ports, tx, basis.run, error.message))
    return undefined
  })
  if (trials === undefined) return
  for (const trial of trials) await ports.enqueue('trial', { workspace, id: trial, key: 'first' })
  if (trials.length === 0) await settleRun(ports, { workspace, id })
}

interface Basis {
  readonly run: StoredRun
  readonly fresh: readonly Example[]
  readonly before: PlaybookVersion | null
}

async function claim(ports: TrainingPorts, tx: Tx, id: string): Promise<Basis | undefined> {
  const now = ports.context.clock.now()
  const lease = ports.parts.settings.timeoutMs + LEASE_MS
  const run = await claimWriting(tx, id, { at: isoTime(now), until: isoTime(now + lease) })
  if (run === undefined) return undefined
  if (run.attempts > MOST_ATTEMPTS) return fail(ports, tx, run, 'Writing it was tried too often.')
  const before = await versionInUse(tx, run)
  const fresh = await listTeachable(tx, {
    agentType: run.agentType,
    above: before?.version ?? 0,
    // Where no person looks before it is deployed, no agent teaches another.
    ofPeopleOnly: run.cause === 'automatic' && run.deploy !== null,
    limit: MOST_FRESH,
  })
  if (fresh.length === 0) return fail(ports, tx, run, 'There is no example that no training used.')
  return { run, fresh, before }
}

async function fail(ports: TrainingPorts, tx: Tx, run: StoredRun, failure: string): Promise<undefined> {
  const { clock, journal } = ports.context
  if (!(await failWriting(tx, run, { failure, at: isoTime(clock.now()) }))) return
  const body = { actor: LEARNING, agentType: run.agentType, failure }
  await journal.append(tx, { kind: 'training_run.failed', subject: run.id, body })
}

/** Gives the ids of the trials. */
async function write(
  { context, answerer, parts }: TrainingPorts,
  tx: Tx,
  { run, fresh, before, instructions }: Basis & { readonly instructions: string },
): Promise<readonly string[]> {
  const at = isoTime(context.clock.now())
  // First the run, then its playbook, as whoever claims it does.
  if ((await holdRun(tx, run.id))?.attempts !== run.attempts)
    throw new Error(`The training run ${run.id} is in other hands.`)
  const examples = composeExamples(fresh, before?.examples ?? [])
  const note = `Training ${run.id}: ${fresh.length} corrections.`
  const writing = { agentType: run.agentType, instructions, examples, note, ...(before && { parent: before.version }) }
  const { playbook, version } = await writeVersion(context, tx, { by: LEARNING, writing })
  const against = before?.version ?? null
  if (!(await beginTest(tx, run, { playbook, version, against, examples: fresh.length }))) {
    // Somebody else took it over meanwhile: what was written here is rolled back.
    throw new Error(`The training run ${run.id} is in other hands.`)
  }
  // Without a model that was shown all of them, what did not fit has taught nothing yet.
  const stands = new Set(examples.map(({ source }) => source))
  const used = parts.settings.improver === null ? fresh.filter(({ id }) => stands.has(id)) : fresh
  await markApplied(tx, { ids: used.map(({ id }) => id), run: run.id, at })
  const canTest = answerer !== null && parts.evaluatorNames.length > 0
  const cases = canTest ? await listHeldOut(tx, { agentType: run.agentType, order: run.id, limit: MOST_CASES }) : []
  const trials = cases.map(({ id: exampleId }) => ({ id: context.ids.next('trl'), exampleId }))
  if (trials.length > 0) await insertTrials(tx, { kind: 'training_run', id: run.id }, trials)
  return trials.map(({ id }) => id)
}
