import type { PageQuery } from '@preceptor/client'
import { z } from 'zod'
import { alertRoutes } from './alert-routes.ts'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { id, pageOf, pageQuery } from './common-schemas.ts'
import {
  createdWebhook,
  delivery,
  escalation,
  escalationBody,
  replayBody,
  webhook,
  webhookBody,
  webhookTest,
} from './notification-schemas.ts'

const params = z.strictObject({ id })
const listQuery: z.ZodType<PageQuery> = pageQuery

const webhookRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'post',
    path: '/webhooks',
    operation: 'webhooks.create',
    summary: 'Create a webhook; its secret is shown this once',
    body: webhookBody,
    response: createdWebhook,
    status: 201,
    secret: true,
    handle: ({ scope, body }) => scope.webhooks.create(body),
  }),
  declareRoute({
    method: 'get',
    path: '/webhooks',
    operation: 'webhooks.list',
    summary: 'List webhooks, newest first',
    query: listQuery,
    response: pageOf(webhook),
    handle: ({ scope, query }) => scope.webhooks.list(query),
  }),
  declareRoute({
    method: 'get',
    path: '/webhooks/{id}',
    operation: 'webhooks.get',
    summary: 'Get a webhook',
    params,
    response: webhook,
    handle: (call) => call.scope.webhooks.get(call.params.id),
  }),
  declareRoute({
    method: 'delete',
    path: '/webhooks/{id}',
    operation: 'webhooks.remove',
    summary: 'Remove a webhook with its secret and its deliveries',
    params,
    response: webhook,
    handle: (call) => call.scope.webhooks.remove(call.params.id),
  }),
  declareRoute({
    method: 'get',
    path: '/webhooks/{id}/deliveries',
    operation: 'webhooks.deliveries',
    summary: 'List what a webhook was told, newest first',
    params,
    query: listQuery,
    response: pageOf(delivery),
    handle: (call) => call.scope.webhooks.deliveries(call.params.id, call.query),
  }),
  declareRoute({
    method: 'post',
    path: '/webhooks/{id}/replay',
    operation: 'webhooks.replay',
    summary: 'Send a delivery that has ended once more, under the same id',
    params,
    body: replayBody,
    response: delivery,
    handle: (call) => call.scope.webhooks.replay(call.params.id, call.body.delivery),
  }),
  declareRoute({
    method: 'post',
    path: '/webhooks/{id}/test',
    operation: 'webhooks.test',
    summary: 'Send a signed message that says that it is a test, at once',
    params,
    body: z.strictObject({}),
    response: webhookTest,
    handle: (call) => call.scope.webhooks.test(call.params.id),
  }),
]

const escalationRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'post',
    path: '/escalations',
    operation: 'escalations.create',
    summary: 'Say who is told, step by step, of proposals that nobody decides',
    body: escalationBody,
    response: escalation,
    status: 201,
    handle: ({ scope, body }) => scope.escalations.create(body),
  }),
  declareRoute({
    method: 'get',
    path: '/escalations',
    operation: 'escalations.list',
    summary: 'List escalations, newest first',
    query: listQuery,
    response: pageOf(escalation),
    handle: ({ scope, query }) => scope.escalations.list(query),
  }),
  declareRoute({
    method: 'delete',
    path: '/escalations/{id}',
    operation: 'escalations.remove',
    summary: 'Remove an escalation',
    params,
    response: escalation,
    handle: (call) => call.scope.escalations.remove(call.params.id),
  }),
]

/** Webhooks, escalations and alerts. */
export const notificationRoutes: readonly ApiRoute[] = [...webhookRoutes, ...escalationRoutes, ...alertRoutes]
