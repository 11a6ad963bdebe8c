import { inWorkspace, isoTime, type PluginWork, type Tx } from '@preceptor/core/plugin'
import { LEARNING } from '../learning-actor.ts'
import type { TrainingPorts } from '../ports/training-ports.ts'
import type { Arms } from '../trials/trial.ts'
import { listTrials, skipTrials } from '../trials/trial-store.ts'
import { endExperiment, findExperiment, holdExperiment, noteProgress } from './experiment-store.ts'
import { progressOf } from './progress-of.ts'

/** Asks the stop rule of an experiment after a result, and ends it when that says so. Harmless at any other time. */
export async function settleExperiment({ context }: TrainingPorts, { workspace, id }: PluginWork): Promise<void> {
  if (id === undefined) return
  await inWorkspace(context.database, { workspace, retry: true }, async (tx) => {
    const experiment = await holdExperiment(tx, id)
    if (experiment?.state !== 'running') return
    const owner = { kind: 'experiment', id } as const
    const { progress, end } = progressOf(experiment, await listTrials(tx, owner))
    await noteProgress(tx, id, progress)
    if (end === null) return
    const at = isoTime(context.clock.now())
    await skipTrials(tx, owner, at)
    if (!(await endExperiment(tx, id, { ...end, at }))) return
    const { agentType } = experiment
    const body = { actor: LEARNING, agentType, ...end, runs: progress.runs }
    await context.journal.append(tx, { kind: 'experiment.decided', subject: id, body })
  })
}

/** The sides of the trials of an experiment; undefined once it has ended. */
export async function armsOfExperiment(tx: Tx, id: string): Promise<Arms | undefined> {
  const experiment = await findExperiment(tx, id)
  if (experiment?.state !== 'running') return undefined
  const { agentType, subject } = experiment
  if (subject.kind === 'strategies') {
    const { a, b } = subject
    return { agentType, a: { kind: 'strategy', strategy: a }, b: { kind: 'strategy', strategy: b } }
  }
  const { playbook, a, b } = subject
  return { agentType, a: { kind: 'playbook', playbook, version: a }, b: { kind: 'playbook', playbook, version: b } }
}
