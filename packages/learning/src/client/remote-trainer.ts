import { type PluginConnection, pathTo } from '@preceptor/client'
import type { LearningOperations } from './learning-operations.ts'
import type {
  Adaptation,
  LearningDashboard,
  LearningHealth,
  LearningSession,
  LearningStatistics,
  Prediction,
} from './trainer.ts'

const SESSION: readonly (keyof LearningSession)[] = ['id', 'agentType', 'state', 'mode', 'createdAt']
const ADAPTATION: readonly (keyof Adaptation)[] = ['id', 'agentType', 'state', 'cause']
const STATISTICS: readonly (keyof LearningStatistics)[] = ['types', 'cache', 'predictions']
const PREDICTION: readonly (keyof Prediction)[] = ['state']
const DASHBOARD: readonly (keyof LearningDashboard)[] = ['agentType', 'statistics', 'prediction']
const HEALTH: readonly (keyof LearningHealth)[] = ['ready', 'checks']

/** Learning sessions and what they show, each operation one request. */
export function remoteTrainer(connection: PluginConnection): Pick<LearningOperations, 'sessions' | 'analytics'> {
  return {
    sessions: {
      start: (request) => connection.send('/learning/sessions', { body: request, fields: SESSION, isSlow: true }),
      get: async (id) => connection.get(pathTo`/learning/sessions/${id}`, { fields: SESSION }),
      list: (query) => connection.page('/learning/sessions', { query, fields: SESSION }),
    },
    analytics: {
      statistics: () => connection.get('/learning/statistics', { fields: STATISTICS }),
      adaptations: (query) => connection.page('/learning/adaptations', { query, fields: ADAPTATION }),
      predict: async (type) => connection.get(pathTo`/learning/predictions/${type}`, { fields: PREDICTION }),
      dashboard: async (type) => connection.get(pathTo`/learning/dashboard/${type}`, { fields: DASHBOARD }),
      health: () => connection.get('/learning/health', { fields: HEALTH }),
      export: ({ kinds, ...query } = {}) =>
        connection.read('/learning/export', { ...query, ...(kinds === undefined ? {} : { kinds: kinds.join(',') }) }),
    },
  }
}
