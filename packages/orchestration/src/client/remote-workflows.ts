import { type PluginConnection, type Proposal, pathTo } from '@preceptor/client'
import type { OrchestrationOperations } from './orchestration-operations.ts'
import type {
  ListedWorkflow,
  Workflow,
  WorkflowDrawing,
  WorkflowRun,
  WorkflowRunDetail,
  WorkflowSchedule,
  WorkflowVersion,
} from './workflows.ts'

const WORKFLOW: readonly (keyof Workflow)[] = ['id', 'name', 'version', 'state', 'definition']
const LISTED: readonly (keyof ListedWorkflow)[] = [...WORKFLOW, 'lastRun', 'schedules']
const VERSION: readonly (keyof WorkflowVersion)[] = ['workflow', 'version', 'definition']
const DRAWING: readonly (keyof WorkflowDrawing)[] = ['workflow', 'version', 'mermaid']
const RUN: readonly (keyof WorkflowRun)[] = ['id', 'workflow', 'version', 'state', 'startedBy', 'createdAt']
const DETAIL: readonly (keyof WorkflowRunDetail)[] = ['id', 'workflow', 'version', 'state', 'steps']
const SCHEDULE: readonly (keyof WorkflowSchedule)[] = ['id', 'workflow', 'cron', 'timezone', 'state', 'nextAt']
const PROPOSAL: readonly (keyof Proposal)[] = ['id', 'agent', 'action', 'state', 'version']

/** Workflows, their runs and their schedules, each operation one request. */
export function remoteWorkflows(
  connection: PluginConnection,
): Pick<OrchestrationOperations, 'workflows' | 'runs' | 'schedules'> {
  return {
    workflows: {
      create: (definition) => connection.send('/workflows', { body: definition, fields: WORKFLOW }),
      validate: (definition) => connection.send('/workflows/validate', { body: definition, fields: ['problems'] }),
      get: async (id) => connection.get(pathTo`/workflows/${id}`, { fields: WORKFLOW }),
      list: (query) => connection.page('/workflows', { query, fields: LISTED }),
      update: async (id, change) =>
        connection.send(pathTo`/workflows/${id}`, { method: 'PUT', body: change, fields: WORKFLOW }),
      archive: async (id, reason) =>
        connection.send(pathTo`/workflows/${id}/archive`, { body: { reason }, fields: WORKFLOW }),
      versions: async (id, query) => connection.page(pathTo`/workflows/${id}/versions`, { query, fields: VERSION }),
      drawing: async (id, query) => connection.get(pathTo`/workflows/${id}/drawing`, { query, fields: DRAWING }),
    },
    runs: {
      execute: async (workflow, execution = {}) =>
        connection.send(pathTo`/workflows/${workflow}/execute`, { body: execution, fields: RUN }),
      get: async (id) => connection.get(pathTo`/workflows/executions/${id}`, { fields: DETAIL }),
      list: (query) => connection.page('/workflows/executions', { query, fields: RUN }),
      cancel: async (id, reason) =>
        connection.send(pathTo`/workflows/executions/${id}/cancel`, { body: { reason }, fields: RUN }),
      replay: async (id, reason) =>
        connection.send(pathTo`/workflows/executions/${id}/replay`, { body: { reason }, fields: RUN }),
      resolve: async (run, step, resolution) =>
        connection.send(pathTo`/workflows/executions/${run}/steps/${step}/resolve`, { body: resolution, fields: RUN }),
      answer: async (proposal, answer) =>
        connection.send(pathTo`/workflows/approvals/${proposal}/approve`, { body: answer, fields: PROPOSAL }),
    },
    schedules: remoteSchedules(connection),
  }
}

function remoteSchedules(connection: PluginConnection): OrchestrationOperations['schedules'] {
  return {
    create: (request) => connection.send('/workflows/schedules', { body: request, fields: SCHEDULE }),
    get: async (id) => connection.get(pathTo`/workflows/schedules/${id}`, { fields: SCHEDULE }),
    list: (query) => connection.page('/workflows/schedules', { query, fields: SCHEDULE }),
    remove: async (id, reason) =>
      connection.send(pathTo`/workflows/schedules/${id}`, { method: 'DELETE', query: { reason }, fields: SCHEDULE }),
  }
}
