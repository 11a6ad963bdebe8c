import { type PluginConnection, pathTo } from '@preceptor/client'
import type { AgentInsights, AgentMetrics, Example, ExampleImport, Feedback } from './feedback.ts'
import { importInParts } from './import-in-parts.ts'
import type { LearningOperations } from './learning-operations.ts'

const FEEDBACK: readonly (keyof Feedback)[] = ['id', 'agent', 'kind', 'about', 'createdAt']
const EXAMPLE: readonly (keyof Example)[] = ['id', 'agentType', 'input', 'correction', 'contentHash']
const IMPORT: readonly (keyof ExampleImport)[] = ['added', 'duplicates', 'refused']
const METRICS: readonly (keyof AgentMetrics)[] = ['agent', 'total', 'byKind', 'accuracy']
const INSIGHTS: readonly (keyof AgentInsights)[] = ['agent', 'total', 'topIssues', 'recommendations']

/** Feedback and examples, each operation one request; an import is as many as it takes. */
export function remoteFeedback(connection: PluginConnection): Pick<LearningOperations, 'feedback' | 'examples'> {
  return {
    feedback: {
      give: (request) => connection.send('/learning/feedback', { body: request, fields: FEEDBACK }),
      get: async (id) => connection.get(pathTo`/learning/feedback/${id}`, { fields: FEEDBACK }),
      list: (query) => connection.page('/learning/feedback', { query, fields: FEEDBACK }),
      metrics: async (agent, query) => connection.get(pathTo`/learning/metrics/${agent}`, { query, fields: METRICS }),
      insights: async (agent, query) =>
        connection.get(pathTo`/learning/insights/${agent}`, { query, fields: INSIGHTS }),
    },
    examples: {
      get: async (id) => connection.get(pathTo`/learning/examples/by-id/${id}`, { fields: EXAMPLE }),
      list: ({ agent, ...query } = {}) =>
        connection.page(agent === undefined ? '/learning/examples' : pathTo`/learning/examples/${agent}`, {
          query,
          fields: EXAMPLE,
        }),
      import: (lines) => importInParts(lines, (part) => send(connection, part)),
      export: (query = {}) => connection.read('/learning/export/examples', query),
    },
  }
}

function send(connection: PluginConnection, lines: string): Promise<ExampleImport> {
  return connection.send('/learning/examples/import', { body: { lines }, fields: IMPORT })
}
