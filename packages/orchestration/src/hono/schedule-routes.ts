import { declareRoute, type PluginRoutes, pageOf, reason } from '@preceptor/hono-middleware/routes'
import { z } from 'zod'
import { orchestration } from '../client/orchestration.ts'
import { schedule, scheduleBody, scheduleQuery } from './schedule-schemas.ts'
import { byId } from './workflow-schemas.ts'

/** The routes of schedules of workflows. */
export const scheduleRoutes: PluginRoutes = {
  routes: [
    declareRoute({
      method: 'post',
      path: '/workflows/schedules',
      operation: 'orchestration.schedules.create',
      summary: 'Start runs of a workflow by the clock, in the name of who makes the schedule',
      status: 201,
      body: scheduleBody,
      response: schedule,
      handle: ({ scope, body }) => scope.plugin(orchestration).schedules.create(body),
    }),
    declareRoute({
      method: 'get',
      path: '/workflows/schedules',
      operation: 'orchestration.schedules.list',
      summary: 'List schedules, newest first',
      query: scheduleQuery,
      response: pageOf(schedule),
      handle: ({ scope, query }) => scope.plugin(orchestration).schedules.list(query),
    }),
    declareRoute({
      method: 'get',
      path: '/workflows/schedules/{id}',
      operation: 'orchestration.schedules.get',
      summary: 'Get a schedule, with its next time and how the last one went',
      params: byId,
      response: schedule,
      handle: ({ scope, params }) => scope.plugin(orchestration).schedules.get(params.id),
    }),
    declareRoute({
      method: 'delete',
      path: '/workflows/schedules/{id}',
      operation: 'orchestration.schedules.remove',
      summary: 'End a schedule, with a reason; runs that it started go on',
      params: byId,
      query: z.strictObject({ reason }),
      response: schedule,
      handle: ({ scope, params, query }) => scope.plugin(orchestration).schedules.remove(params.id, query.reason),
    }),
  ],
}
