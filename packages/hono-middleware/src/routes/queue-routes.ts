import { z } from 'zod'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { id, pageOf, pageQuery, reason } from './common-schemas.ts'
import { queueEntry, queuePriority, queueResolution, queueStats } from './record-schemas.ts'

const params = z.strictObject({ id })

/** The supervised queue, besides reading its entries; what is named goes before `{id}`. */
export const queueRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'get',
    path: '/supervised-queue/stats',
    operation: 'queue.stats',
    summary: 'How many entries are in each state, and since when the oldest waits',
    response: queueStats,
    handle: ({ scope }) => scope.queue.stats(),
  }),
  declareRoute({
    method: 'get',
    path: '/supervised-queue/users/{id}',
    operation: 'queue.waiting',
    summary: 'List what waits and a user may watch, in the order in which it is offered',
    params,
    query: pageQuery,
    response: pageOf(queueEntry),
    handle: (call) => call.scope.queue.waitingFor(call.params.id, call.query),
  }),
  declareRoute({
    method: 'post',
    path: '/supervised-queue/process',
    operation: 'queue.process',
    summary: 'Ask supervisors who are online to watch what waits, without waiting for a worker',
    response: z.strictObject({ offered: z.int() }),
    handle: ({ scope }) => scope.queue.process(),
  }),
  declareRoute({
    method: 'post',
    path: '/supervised-queue/mark-expired',
    operation: 'queue.expire',
    summary: 'End what waited too long',
    response: z.strictObject({ expired: z.int() }),
    handle: ({ scope }) => scope.queue.expire(),
  }),
  declareRoute({
    method: 'delete',
    path: '/supervised-queue/{id}',
    operation: 'queue.cancel',
    summary: 'Take back a run that has not begun, with a reason',
    params,
    query: z.strictObject({ reason }),
    response: queueEntry,
    handle: (call) => call.scope.queue.cancel(call.params.id, call.query.reason),
  }),
  declareRoute({
    method: 'post',
    path: '/supervised-queue/{id}/priority',
    operation: 'queue.prioritize',
    summary: 'Move what waits forward or back, with a reason',
    params,
    body: queuePriority,
    response: queueEntry,
    handle: (call) => call.scope.queue.prioritize(call.params.id, call.body),
  }),
  declareRoute({
    method: 'post',
    path: '/supervised-queue/{id}/resolve',
    operation: 'queue.resolve',
    summary: 'Say what came of a run whose outcome is unknown',
    params,
    body: queueResolution,
    response: queueEntry,
    handle: (call) => call.scope.queue.resolve(call.params.id, call.body),
  }),
]
