import { type PluginConnection, pathTo } from '@preceptor/client'
import type { LearningOperations } from './learning-operations.ts'
import type { Experiment, TrainingRun } from './training.ts'

const RUN: readonly (keyof TrainingRun)[] = ['id', 'agentType', 'state', 'cause', 'createdAt']
const EXPERIMENT: readonly (keyof Experiment)[] = ['id', 'agentType', 'subject', 'state', 'createdAt']

/** Training and experiments, each operation one request. */
export function remoteTraining(connection: PluginConnection): Pick<LearningOperations, 'training' | 'experiments'> {
  return {
    training: {
      train: async (agent, request = {}) =>
        connection.send(pathTo`/learning/train/${agent}`, { body: request, fields: RUN }),
      get: async (id) => connection.get(pathTo`/learning/training-runs/${id}`, { fields: RUN }),
      list: (query) => connection.page('/learning/training-runs', { query, fields: RUN }),
    },
    experiments: {
      start: (request) => connection.send('/learning/experiments', { body: request, fields: EXPERIMENT }),
      get: async (id) => connection.get(pathTo`/learning/experiments/${id}`, { fields: EXPERIMENT }),
      list: (query) => connection.page('/learning/experiments', { query, fields: EXPERIMENT }),
      stop: async (id, reason) =>
        connection.send(pathTo`/learning/experiments/${id}/stop`, { body: { reason }, fields: EXPERIMENT }),
    },
  }
}
