import { GovernanceError, type PageQuery } from '@preceptor/client'
import { z } from 'zod'
import {
  apiKey,
  apiKeyBody,
  createdApiKey,
  heartbeatAnswer,
  heartbeatBody,
  journalEntry,
  journalQuery,
  journalVerification,
  keyRotationBody,
  membership,
  membershipBody,
  overrideBody,
  policyBody,
  policyVersion,
  presence,
  presenceSession,
  stop,
  stopBody,
  streamTicket,
  streamTicketBody,
  workspace,
  workspaceBody,
} from './administration-schemas.ts'
import { shadowQuery, shadowReport, simulation, simulationBody } from './analytics-schemas.ts'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { id, pageOf, pageQuery, reason } from './common-schemas.ts'

const params = z.strictObject({ id })
const listQuery: z.ZodType<PageQuery> = pageQuery

const policyRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'get',
    path: '/policies',
    operation: 'policies.list',
    summary: 'List the versions of the policy, newest first',
    query: listQuery,
    response: pageOf(policyVersion),
    handle: ({ scope, query }) => scope.policies.list(query),
  }),
  declareRoute({
    method: 'get',
    path: '/policies/current',
    operation: 'policies.get',
    summary: 'Get the policy that is in force',
    response: policyVersion,
    handle: ({ scope }) => scope.policies.current(),
  }),
  declareRoute({
    method: 'put',
    path: '/policies',
    operation: 'policies.put',
    summary: 'Write the next version of the policy',
    body: policyBody,
    response: policyVersion,
    handle: ({ scope, body: { document, ...options } }) => scope.policies.put(document, options),
  }),
  declareRoute({
    method: 'post',
    path: '/policies/simulate',
    operation: 'policies.simulate',
    summary: "Say what a policy would have changed of the last days' decisions, without any effect",
    body: simulationBody,
    response: simulation,
    handle: ({ scope, body: { document, ...options } }) => scope.policies.simulate(document, options),
  }),
  declareRoute({
    method: 'get',
    path: '/policies/shadow',
    operation: 'policies.shadow',
    summary: 'Say what enforcing would have done to what ran in shadow, by capability, agent and action',
    query: shadowQuery,
    response: shadowReport,
    handle: ({ scope, query }) => scope.policies.shadow(query),
  }),
]

const journalRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'get',
    path: '/journal',
    operation: 'journal.list',
    summary: 'List the journal',
    query: journalQuery,
    response: pageOf(journalEntry),
    handle: ({ scope, query }) => scope.journal.list(query),
  }),
  declareRoute({
    method: 'get',
    path: '/journal/verify',
    operation: 'journal.verify',
    summary: 'Verify the chain of the journal',
    response: journalVerification,
    handle: ({ scope }) => scope.journal.verify(),
  }),
]

const keyRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'post',
    path: '/keys',
    operation: 'keys.create',
    summary: 'Create an API key; its secret is shown this once',
    body: apiKeyBody,
    response: createdApiKey,
    status: 201,
    secret: true,
    handle: ({ scope, body }) => scope.keys.create(body),
  }),
  declareRoute({
    method: 'post',
    path: '/stream-tickets',
    operation: 'stream_tickets.create',
    summary: 'Make a ticket that opens one stream, once, within 30 s: ?ticket= in the place of a header',
    body: streamTicketBody,
    response: streamTicket,
    status: 201,
    secret: true,
    handle: ({ scope, body }) => scope.streamTickets.create(body),
  }),
  declareRoute({
    method: 'get',
    path: '/keys',
    operation: 'keys.list',
    summary: 'List API keys, newest first',
    query: listQuery,
    response: pageOf(apiKey),
    handle: ({ scope, query }) => scope.keys.list(query),
  }),
  declareRoute({
    method: 'post',
    path: '/keys/{id}/rotate',
    operation: 'keys.rotate',
    summary: 'Rotate an API key: a new secret, shown this once; the old one ends after the overlap',
    params,
    body: keyRotationBody,
    response: createdApiKey,
    status: 201,
    secret: true,
    handle: (call) => call.scope.keys.rotate(call.params.id, call.body),
  }),
  declareRoute({
    method: 'delete',
    path: '/keys/{id}',
    operation: 'keys.revoke',
    summary: 'Revoke an API key',
    params,
    response: apiKey,
    handle: (call) => call.scope.keys.revoke(call.params.id),
  }),
]

const stopRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'post',
    path: '/stops',
    operation: 'stops.set',
    summary: 'Set a kill switch',
    body: stopBody,
    response: stop,
    status: 201,
    handle: ({ scope, body }) => scope.stops.set(body),
  }),
  declareRoute({
    method: 'get',
    path: '/stops',
    operation: 'stops.list',
    summary: 'List kill switches, newest first',
    query: listQuery,
    response: pageOf(stop),
    handle: ({ scope, query }) => scope.stops.list(query),
  }),
  declareRoute({
    method: 'delete',
    path: '/stops/{id}',
    operation: 'stops.lift',
    summary: 'Lift a kill switch, with a reason',
    params,
    query: z.strictObject({ reason }),
    response: stop,
    handle: (call) => call.scope.stops.lift(call.params.id, call.query.reason),
  }),
]

const memberRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'post',
    path: '/memberships',
    operation: 'members.put',
    summary: 'Add a user to the workspace, or change name and roles',
    body: membershipBody,
    response: membership,
    handle: ({ scope, body: { userId, ...member } }) => scope.members.put(userId, member),
  }),
  declareRoute({
    method: 'get',
    path: '/memberships',
    operation: 'members.list',
    summary: 'List the users of the workspace',
    query: listQuery,
    response: pageOf(membership),
    handle: ({ scope, query }) => scope.members.list(query),
  }),
  declareRoute({
    method: 'delete',
    path: '/memberships/{id}',
    operation: 'members.remove',
    summary: 'Remove a user from the workspace, with every key of the user',
    params,
    response: membership,
    handle: (call) => call.scope.members.remove(call.params.id),
  }),
  declareRoute({
    method: 'post',
    path: '/users/{id}/activity/heartbeat',
    operation: 'presence.heartbeat',
    summary: 'Record that the calling user is there and, unless `active` is false, acted just now',
    params,
    body: heartbeatBody,
    response: heartbeatAnswer,
    handle: async ({ scope, params: { id: userId }, body }) => {
      if (userId !== scope.principal.id) {
        throw new GovernanceError('PERMISSION_DENIED', { message: 'Nobody is present for somebody else.' })
      }
      return scope.presence.heartbeat(body ?? {})
    },
  }),
  declareRoute({
    method: 'get',
    path: '/users/{id}/activity/state',
    operation: 'presence.get',
    summary: 'Get the presence of a user',
    params,
    response: presence,
    handle: (call) => call.scope.presence.get(call.params.id),
  }),
  declareRoute({
    method: 'post',
    path: '/users/{id}/activity/override',
    operation: 'presence.override',
    summary: 'Set the presence of a user by hand: oneself, or by an administrator',
    params,
    body: overrideBody,
    response: presence,
    handle: (call) => call.scope.presence.override(call.params.id, call.body),
  }),
  declareRoute({
    method: 'delete',
    path: '/users/{id}/activity/override',
    operation: 'presence.clear_override',
    summary: 'Let activity count again',
    params,
    response: presence,
    handle: (call) => call.scope.presence.clearOverride(call.params.id),
  }),
  declareRoute({
    method: 'get',
    path: '/users/{id}/activity/sessions',
    operation: 'presence.sessions',
    summary: 'List where a user is now, newest first',
    params,
    query: listQuery,
    response: pageOf(presenceSession),
    handle: (call) => call.scope.presence.sessions(call.params.id, call.query),
  }),
  declareRoute({
    method: 'delete',
    path: '/activity/sessions/{id}',
    operation: 'presence.end_session',
    summary: 'End a session; its id is no credential',
    params,
    response: presenceSession,
    handle: (call) => call.scope.presence.endSession(call.params.id),
  }),
  declareRoute({
    method: 'get',
    path: '/users/available-supervisors',
    operation: 'presence.available',
    summary: 'List who can supervise now',
    response: z.strictObject({ items: z.array(presence) }),
    handle: async ({ scope }) => ({ items: [...(await scope.presence.available())] }),
  }),
]

const workspaceRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'post',
    path: '/workspaces',
    operation: 'workspaces.create',
    summary: 'Create a workspace: for the system',
    body: workspaceBody,
    response: workspace,
    status: 201,
    handle: ({ scope, body }) => scope.workspaces.create(body),
  }),
  declareRoute({
    method: 'get',
    path: '/workspaces',
    operation: 'workspaces.list',
    summary: 'List the workspaces, by id: for the system',
    query: listQuery,
    response: pageOf(workspace),
    handle: ({ scope, query }) => scope.workspaces.list(query),
  }),
]

/** Policy, journal, keys, kill switches, users and their presence. */
export const administrationRoutes: readonly ApiRoute[] = [
  ...policyRoutes,
  ...journalRoutes,
  ...keyRoutes,
  ...stopRoutes,
  ...memberRoutes,
  ...workspaceRoutes,
]
