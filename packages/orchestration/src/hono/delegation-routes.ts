import type { PluginPort } from '@preceptor/client'
import { declareRoute, type PluginRoutes, pageOf } from '@preceptor/hono-middleware/routes'
import type { CollaborationParts } from '../client/collaboration-parts.ts'
import { byId } from './collaboration-schemas.ts'
import {
  completeBody,
  consensus,
  consensusDetail,
  consensusQuery,
  consensusRequest,
  delegation,
  delegationQuery,
  delegationRequest,
  reassignBody,
  voteBody,
} from './delegation-schemas.ts'

/** The routes of delegations and votes. */
export function delegationRoutes(port: PluginPort<CollaborationParts>): PluginRoutes['routes'] {
  return [...partRoutes(port), ...voteRoutes(port)]
}

function partRoutes(port: PluginPort<CollaborationParts>): PluginRoutes['routes'] {
  return [
    declareRoute({
      method: 'post',
      path: '/collaboration/delegations',
      operation: 'orchestration.delegations.create',
      summary: 'Delegate a part of a task to a member',
      status: 201,
      body: delegationRequest,
      response: delegation,
      handle: ({ scope, body }) => scope.plugin(port).delegations.create(body),
    }),
    declareRoute({
      method: 'get',
      path: '/collaboration/delegations',
      operation: 'orchestration.delegations.list',
      summary: 'List delegations, newest first',
      query: delegationQuery,
      response: pageOf(delegation),
      handle: ({ scope, query }) => scope.plugin(port).delegations.list(query),
    }),
    declareRoute({
      method: 'get',
      path: '/collaboration/delegations/{id}',
      operation: 'orchestration.delegations.get',
      summary: 'Get a delegation',
      params: byId,
      response: delegation,
      handle: ({ scope, params }) => scope.plugin(port).delegations.get(params.id),
    }),
    declareRoute({
      method: 'post',
      path: '/collaboration/delegations/{id}/complete',
      operation: 'orchestration.delegations.complete',
      summary: 'Say what came of a delegation',
      params: byId,
      body: completeBody,
      response: delegation,
      handle: ({ scope, params, body }) => scope.plugin(port).delegations.complete(params.id, body),
    }),
    declareRoute({
      method: 'post',
      path: '/collaboration/delegations/{id}/reassign',
      operation: 'orchestration.delegations.reassign',
      summary: 'Give a delegation to another member',
      params: byId,
      body: reassignBody,
      response: delegation,
      handle: ({ scope, params, body }) => scope.plugin(port).delegations.reassign(params.id, body),
    }),
  ]
}

function voteRoutes(port: PluginPort<CollaborationParts>): PluginRoutes['routes'] {
  return [
    declareRoute({
      method: 'post',
      path: '/collaboration/consensus',
      operation: 'orchestration.consensus.open',
      summary: 'Open a vote of the members of a collaboration',
      status: 201,
      body: consensusRequest,
      response: consensus,
      handle: ({ scope, body }) => scope.plugin(port).consensus.open(body),
    }),
    declareRoute({
      method: 'get',
      path: '/collaboration/consensus',
      operation: 'orchestration.consensus.list',
      summary: 'List votes, newest first',
      query: consensusQuery,
      response: pageOf(consensus),
      handle: ({ scope, query }) => scope.plugin(port).consensus.list(query),
    }),
    declareRoute({
      method: 'get',
      path: '/collaboration/consensus/{id}',
      operation: 'orchestration.consensus.get',
      summary: 'Get a vote with everybody who has one, and what they said',
      params: byId,
      response: consensusDetail,
      handle: ({ scope, params }) => scope.plugin(port).consensus.get(params.id),
    }),
    declareRoute({
      method: 'post',
      path: '/collaboration/consensus/{id}/vote',
      operation: 'orchestration.consensus.vote',
      summary: 'Vote as the member whose credential it is',
      params: byId,
      body: voteBody,
      response: consensusDetail,
      handle: ({ scope, params, body }) => scope.plugin(port).consensus.vote(params.id, body),
    }),
  ]
}
