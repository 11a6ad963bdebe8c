import type { PluginPort } from '@preceptor/client'
import { declareRoute, type PluginRoutes, pageOf, pageQuery, reason } from '@preceptor/hono-middleware/routes'
import { z } from 'zod'
import type { CollaborationParts } from '../client/collaboration-parts.ts'
import {
  byId,
  collaboration,
  collaborationDetail,
  collaborationQuery,
  collaborationRequest,
  context,
  contextBody,
  contextQuery,
  executeBody,
  memberRequest,
  message,
  messageBody,
  removeBody,
} from './collaboration-schemas.ts'
import { delegationRoutes } from './delegation-routes.ts'

/** The routes of collaborations, delegations and votes, on the plugin that has them. */
export function collaborationRoutes(port: PluginPort<CollaborationParts>): PluginRoutes {
  return { routes: [...sessionRoutes(port), ...memberRoutes(port), ...exchangeRoutes(port), ...delegationRoutes(port)] }
}

function sessionRoutes(port: PluginPort<CollaborationParts>): PluginRoutes['routes'] {
  return [
    declareRoute({
      method: 'post',
      path: '/collaboration/sessions',
      operation: 'orchestration.collaborations.create',
      summary: 'Make a collaboration of agents and people',
      status: 201,
      body: collaborationRequest,
      response: collaboration,
      handle: ({ scope, body }) => scope.plugin(port).collaborations.create(body),
    }),
    declareRoute({
      method: 'get',
      path: '/collaboration/sessions',
      operation: 'orchestration.collaborations.list',
      summary: 'List collaborations, newest first',
      query: collaborationQuery,
      response: pageOf(collaboration),
      handle: ({ scope, query }) => scope.plugin(port).collaborations.list(query),
    }),
    declareRoute({
      method: 'get',
      path: '/collaboration/sessions/{id}',
      operation: 'orchestration.collaborations.get',
      summary: 'Get a collaboration with every call of its members',
      params: byId,
      response: collaborationDetail,
      handle: ({ scope, params }) => scope.plugin(port).collaborations.get(params.id),
    }),
    declareRoute({
      method: 'post',
      path: '/collaboration/sessions/{id}/execute',
      operation: 'orchestration.collaborations.execute',
      summary: 'Begin a collaboration; workers do it',
      status: 202,
      params: byId,
      body: executeBody,
      response: collaboration,
      handle: ({ scope, params, body }) => scope.plugin(port).collaborations.execute(params.id, body),
    }),
    declareRoute({
      method: 'post',
      path: '/collaboration/sessions/{id}/cancel',
      operation: 'orchestration.collaborations.cancel',
      summary: 'End a collaboration and all that is open in it',
      params: byId,
      body: z.strictObject({ reason }),
      response: collaboration,
      handle: ({ scope, params, body }) => scope.plugin(port).collaborations.cancel(params.id, body.reason),
    }),
  ]
}

function memberRoutes(port: PluginPort<CollaborationParts>): PluginRoutes['routes'] {
  return [
    declareRoute({
      method: 'post',
      path: '/collaboration/sessions/{id}/members',
      operation: 'orchestration.collaborations.join',
      summary: 'Add a member to a collaboration that has not begun',
      params: byId,
      body: memberRequest,
      response: collaboration,
      handle: ({ scope, params, body }) => scope.plugin(port).collaborations.join(params.id, body),
    }),
    declareRoute({
      method: 'post',
      path: '/collaboration/sessions/{id}/members/remove',
      operation: 'orchestration.collaborations.leave',
      summary: 'Take a member out of a collaboration that has not begun',
      params: byId,
      body: removeBody,
      response: collaboration,
      handle: ({ scope, params, body }) => scope.plugin(port).collaborations.leave(params.id, body.member),
    }),
  ]
}

function exchangeRoutes(port: PluginPort<CollaborationParts>): PluginRoutes['routes'] {
  return [
    declareRoute({
      method: 'get',
      path: '/collaboration/sessions/{id}/messages',
      operation: 'orchestration.collaborations.messages',
      summary: 'List the messages of a collaboration, oldest first',
      params: byId,
      query: pageQuery,
      response: pageOf(message),
      handle: ({ scope, params, query }) => scope.plugin(port).collaborations.messages(params.id, query),
    }),
    declareRoute({
      method: 'post',
      path: '/collaboration/sessions/{id}/messages',
      operation: 'orchestration.collaborations.send',
      summary: 'Say something as the member that one is',
      status: 201,
      params: byId,
      body: messageBody,
      response: message,
      handle: ({ scope, params, body }) => scope.plugin(port).collaborations.send(params.id, body.text),
    }),
    declareRoute({
      method: 'get',
      path: '/collaboration/sessions/{id}/context',
      operation: 'orchestration.collaborations.context',
      summary: 'Get what the members share, as it is or was',
      params: byId,
      query: contextQuery,
      response: context,
      handle: ({ scope, params, query }) => scope.plugin(port).collaborations.context(params.id, query),
    }),
    declareRoute({
      method: 'put',
      path: '/collaboration/sessions/{id}/context',
      operation: 'orchestration.collaborations.put_context',
      summary: 'Write the next version of what the members share',
      params: byId,
      body: contextBody,
      response: context,
      handle: ({ scope, params, body }) => scope.plugin(port).collaborations.putContext(params.id, body),
    }),
  ]
}
