import { declareRoute, type PluginRoutes, pageOf, proposal, reason } from '@preceptor/hono-middleware/routes'
import { z } from 'zod'
import { orchestration } from '../client/orchestration.ts'
import { answerBody, byRunAndStep, executionBody, resolutionBody, run, runDetail, runQuery } from './run-schemas.ts'
import { byId } from './workflow-schemas.ts'

const why = z.strictObject({ reason })

/** The routes of runs of workflows. */
export const runRoutes: PluginRoutes = {
  routes: [
    declareRoute({
      method: 'post',
      path: '/workflows/{id}/execute',
      operation: 'orchestration.runs.execute',
      summary: 'Start a run of a workflow, once every step that it can come to was checked; a worker does it',
      status: 202,
      params: byId,
      body: executionBody,
      response: run,
      handle: ({ scope, params, body }) => scope.plugin(orchestration).runs.execute(params.id, body),
    }),
    declareRoute({
      method: 'get',
      path: '/workflows/executions',
      operation: 'orchestration.runs.list',
      summary: 'List runs of workflows, newest first',
      query: runQuery,
      response: pageOf(run),
      handle: ({ scope, query }) => scope.plugin(orchestration).runs.list(query),
    }),
    declareRoute({
      method: 'get',
      path: '/workflows/executions/{id}',
      operation: 'orchestration.runs.get',
      summary: 'Get a run with its steps',
      params: byId,
      response: runDetail,
      handle: ({ scope, params }) => scope.plugin(orchestration).runs.get(params.id),
    }),
    declareRoute({
      method: 'post',
      path: '/workflows/executions/{id}/cancel',
      operation: 'orchestration.runs.cancel',
      summary: 'End a run: nothing begins any more, what waits is taken back, what runs is aborted',
      params: byId,
      body: why,
      response: run,
      handle: ({ scope, params, body }) => scope.plugin(orchestration).runs.cancel(params.id, body.reason),
    }),
    declareRoute({
      method: 'post',
      path: '/workflows/executions/{id}/replay',
      operation: 'orchestration.runs.replay',
      summary: 'Go on with a failed run at the steps that failed',
      status: 202,
      params: byId,
      body: why,
      response: run,
      handle: ({ scope, params, body }) => scope.plugin(orchestration).runs.replay(params.id, body.reason),
    }),
    declareRoute({
      method: 'post',
      path: '/workflows/executions/{id}/steps/{step}/resolve',
      operation: 'orchestration.runs.resolve',
      summary: 'Say how a step ended whose outcome nobody knows; the run goes on with that',
      params: byRunAndStep,
      body: resolutionBody,
      response: run,
      handle: ({ scope, params, body }) => scope.plugin(orchestration).runs.resolve(params.id, params.step, body),
    }),
    declareRoute({
      method: 'post',
      path: '/workflows/approvals/{id}/approve',
      operation: 'orchestration.runs.answer',
      summary: 'Answer an approval step, as a decision on its proposal',
      params: byId,
      body: answerBody,
      response: proposal,
      handle: ({ scope, params, body }) => scope.plugin(orchestration).runs.answer(params.id, body),
    }),
  ],
}
