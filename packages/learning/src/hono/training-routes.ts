import { declareRoute, type PluginRoutes, pageOf, reason } from '@preceptor/hono-middleware/routes'
import { z } from 'zod'
import { learning } from '../client/learning.ts'
import {
  byAgent,
  byId,
  experiment,
  experimentRequest,
  trainingRequest,
  trainingRun,
  typeQuery,
} from './training-schemas.ts'

/** The routes of training runs and experiments. */
export const trainingRoutes: PluginRoutes = {
  routes: [
    declareRoute({
      method: 'post',
      path: '/learning/train/{agent}',
      operation: 'learning.training.train',
      summary: 'Train the type of an agent on the examples that no training used; a worker does it',
      status: 202,
      params: byAgent,
      body: trainingRequest,
      response: trainingRun,
      handle: ({ scope, params, body }) => scope.plugin(learning).training.train(params.agent, body),
    }),
    declareRoute({
      method: 'get',
      path: '/learning/training-runs',
      operation: 'learning.training.list',
      summary: 'List training runs, newest first',
      query: typeQuery,
      response: pageOf(trainingRun),
      handle: ({ scope, query }) => scope.plugin(learning).training.list(query),
    }),
    declareRoute({
      method: 'get',
      path: '/learning/training-runs/{id}',
      operation: 'learning.training.get',
      summary: 'A training run, with its test and whether it was deployed',
      params: byId,
      response: trainingRun,
      handle: ({ scope, params }) => scope.plugin(learning).training.get(params.id),
    }),
    declareRoute({
      method: 'post',
      path: '/learning/experiments',
      operation: 'learning.experiments.start',
      summary: 'Compare two versions of a playbook, or two strategies, on real runs',
      status: 202,
      body: experimentRequest,
      response: experiment,
      handle: ({ scope, body }) => scope.plugin(learning).experiments.start(body),
    }),
    declareRoute({
      method: 'get',
      path: '/learning/experiments',
      operation: 'learning.experiments.list',
      summary: 'List experiments, newest first',
      query: typeQuery,
      response: pageOf(experiment),
      handle: ({ scope, query }) => scope.plugin(learning).experiments.list(query),
    }),
    declareRoute({
      method: 'get',
      path: '/learning/experiments/{id}',
      operation: 'learning.experiments.get',
      summary: 'An experiment, how far it has come and what it says',
      params: byId,
      response: experiment,
      handle: ({ scope, params }) => scope.plugin(learning).experiments.get(params.id),
    }),
    declareRoute({
      method: 'post',
      path: '/learning/experiments/{id}/stop',
      operation: 'learning.experiments.stop',
      summary: 'Stop an experiment; what it found so far stays',
      params: byId,
      body: z.strictObject({ reason }),
      response: experiment,
      handle: ({ scope, params, body }) => scope.plugin(learning).experiments.stop(params.id, body.reason),
    }),
  ],
}
