import { type Actor, createAuthorizer, type PluginHost, type PluginJob } from '@preceptor/core/plugin'
import type { LearningOperations } from './client/learning-operations.ts'
import { findFinished } from './experiments/experiment-store.ts'
import { readExperiment, readExperiments } from './experiments/read-experiments.ts'
import { armsOfExperiment, settleExperiment } from './experiments/settle-experiment.ts'
import { startExperiment } from './experiments/start-experiment.ts'
import { stopExperiment } from './experiments/stop-experiment.ts'
import { trainingPermissions } from './permissions/training-permissions.ts'
import type { TrainingPorts } from './ports/training-ports.ts'
import { readRun, readRuns } from './training/read-runs.ts'
import { armsOfRun, settleRun } from './training/settle-run.ts'
import { trainAgent } from './training/train-agent.ts'
import { findDueTypes, trainAutomatically } from './training/train-automatically.ts'
import { findTested, findUnwritten } from './training/training-store.ts'
import { writeRun } from './training/write-run.ts'
import { runTrial, type TrialOwners } from './trials/run-trial.ts'
import { findOpenTrials } from './trials/trial-store.ts'

/** Training and experiments on a governor. */
export interface OpenTraining {
  scope(actor: Actor): Pick<LearningOperations, 'training' | 'experiments'>
  readonly jobs: Readonly<Record<string, PluginJob>>
}

/** Opens training runs and experiments. */
export function openTraining(
  host: PluginHost,
  options: Pick<TrainingPorts, 'parts' | 'answerer' | 'automatic'>,
): OpenTraining {
  const authorizer = createAuthorizer(trainingPermissions)
  const ports: TrainingPorts = { context: host.context, enqueue: host.enqueue, authorizer, ...options }
  return {
    scope: (actor) => ({
      training: {
        train: (agent, request = {}) => trainAgent(ports, actor, { agent, request }),
        get: (id) => readRun(ports, actor, id),
        list: (query = {}) => readRuns(ports, actor, query),
      },
      experiments: {
        start: (request) => startExperiment(ports, actor, request),
        get: (id) => readExperiment(ports, actor, id),
        list: (query = {}) => readExperiments(ports, actor, query),
        stop: (id, reason) => stopExperiment(ports, actor, { id, reason }),
      },
    }),
    jobs: trainingJobs(ports),
  }
}

function trainingJobs(ports: TrainingPorts): OpenTraining['jobs'] {
  const owners: TrialOwners = {
    armsOf: (tx, { kind, id }) => (kind === 'training_run' ? armsOfRun(tx, id) : armsOfExperiment(tx, id)),
    settle: (workspace, { kind, id }) =>
      kind === 'training_run' ? settleRun(ports, { workspace, id }) : settleExperiment(ports, { workspace, id }),
  }
  return {
    'train-due': {
      pattern: '15 * * * * *',
      find: (tx) => findDueTypes(ports, tx),
      run: (work) => trainAutomatically(ports, work),
    },
    train: { isReconciled: true, find: findUnwritten, run: (work) => writeRun(ports, work) },
    trial: { isReconciled: true, find: findOpenTrials, run: (work) => runTrial(ports, owners, work) },
    'settle-run': { isReconciled: true, find: findTested, run: (work) => settleRun(ports, work) },
    'settle-experiment': { isReconciled: true, find: findFinished, run: (work) => settleExperiment(ports, work) },
  }
}
