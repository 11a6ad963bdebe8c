import { z } from 'zod'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { agentId, id, pageOf, reason } from './common-schemas.ts'
import { grant, grantBody, grantPreview, previewBody, suggestions } from './grant-schemas.ts'
import { recordQuery } from './record-schemas.ts'

const params = z.strictObject({ id })

/** Approvals ahead of time, and what the record of an agent suggests. */
export const grantRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'post',
    path: '/grants/preview',
    operation: 'grants.preview',
    summary: 'Say which of the last 100 proposals a grant would have let run',
    body: previewBody,
    response: grantPreview,
    handle: ({ scope, body }) => scope.grants.preview(body),
  }),
  declareRoute({
    method: 'post',
    path: '/grants',
    operation: 'grants.create',
    summary: 'Approve ahead of time: so many runs of one action of one agent, with args like these, until then',
    body: grantBody,
    response: grant,
    status: 201,
    handle: ({ scope, body }) => scope.grants.create(body),
  }),
  declareRoute({
    method: 'get',
    path: '/grants',
    operation: 'grants.list',
    summary: 'List grants, newest first',
    query: recordQuery,
    response: pageOf(grant),
    handle: ({ scope, query }) => scope.grants.list(query),
  }),
  declareRoute({
    method: 'get',
    path: '/grants/{id}',
    operation: 'grants.get',
    summary: 'Get a grant',
    params,
    response: grant,
    handle: (call) => call.scope.grants.get(call.params.id),
  }),
  declareRoute({
    method: 'delete',
    path: '/grants/{id}',
    operation: 'grants.revoke',
    summary: 'End a grant for good, with a reason',
    params,
    body: z.strictObject({ reason }),
    response: grant,
    handle: (call) => call.scope.grants.revoke(call.params.id, call.body.reason),
  }),
  declareRoute({
    method: 'get',
    path: '/agents/{id}/suggestions',
    operation: 'agents.suggestions',
    summary: 'What the record of an agent suggests: a grant for what is always approved, or a promotion',
    params: z.strictObject({ id: agentId }),
    response: suggestions,
    handle: (call) => call.scope.agents.suggestions(call.params.id),
  }),
]
