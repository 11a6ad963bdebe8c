import { z } from 'zod'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { proposalCard } from './card-schemas.ts'
import { agentId, id, pageOf, pageQuery, reason } from './common-schemas.ts'
import { batchResult, proposal } from './record-schemas.ts'
import {
  approvalBody,
  assignmentBody,
  batchBody,
  comment,
  commentBody,
  extensionBody,
  historyQuery,
  rejectionBody,
  resolutionBody,
  responseBody,
  snoozeBody,
} from './review-schemas.ts'

const params = z.strictObject({ id })

/** What people decide on proposals, and what they are shown for it. Reading them stands with the other records. */
export const proposalRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'get',
    path: '/maturity/proposals/{id}/card',
    operation: 'proposals.card',
    summary: 'Everything that a person needs to decide on a proposal',
    params,
    response: proposalCard,
    handle: (call) => call.scope.proposals.card(call.params.id),
  }),
  declareRoute({
    method: 'post',
    path: '/maturity/proposals/{id}/approve',
    operation: 'proposals.approve',
    summary: 'Approve the version that was shown, or edit it and approve that',
    params,
    body: approvalBody,
    response: proposal,
    handle: (call) => call.scope.proposals.approve(call.params.id, call.body),
  }),
  declareRoute({
    method: 'post',
    path: '/maturity/proposals/{id}/reject',
    operation: 'proposals.reject',
    summary: 'Reject a proposal for good',
    params,
    body: rejectionBody,
    response: proposal,
    handle: (call) => call.scope.proposals.reject(call.params.id, call.body),
  }),
  declareRoute({
    method: 'post',
    path: '/maturity/proposals/{id}/respond',
    operation: 'proposals.respond',
    summary: 'Answer in the place of the action, which then never runs',
    params,
    body: responseBody,
    response: proposal,
    handle: (call) => call.scope.proposals.respond(call.params.id, call.body),
  }),
  declareRoute({
    method: 'post',
    path: '/maturity/proposals/{id}/cancel',
    operation: 'proposals.cancel',
    summary: 'Take back a proposal that has not begun to run',
    params,
    body: z.strictObject({ reason }),
    response: proposal,
    handle: (call) => call.scope.proposals.cancel(call.params.id, call.body.reason),
  }),
  declareRoute({
    method: 'post',
    path: '/maturity/proposals/{id}/resolve',
    operation: 'proposals.resolve',
    summary: 'Say what came of a run whose outcome is unknown',
    params,
    body: resolutionBody,
    response: proposal,
    handle: (call) => call.scope.proposals.resolve(call.params.id, call.body),
  }),
  ...attendingRoutes(),
  declareRoute({
    method: 'post',
    path: '/maturity/proposals/batch',
    operation: 'proposals.batch',
    summary: 'Decide on several proposals that are alike, each by itself',
    body: batchBody,
    response: batchResult,
    handle: ({ scope, body }) => scope.proposals.batch(body),
  }),
  declareRoute({
    method: 'post',
    path: '/maturity/proposals/{id}/comments',
    operation: 'proposals.comment',
    summary: 'Leave a note for the other reviewers',
    params,
    body: commentBody,
    response: comment,
    handle: (call) => call.scope.proposals.comment(call.params.id, call.body.text),
  }),
  declareRoute({
    method: 'get',
    path: '/maturity/proposals/{id}/comments',
    operation: 'proposals.comments',
    summary: 'List the notes of reviewers, oldest first',
    params,
    query: pageQuery,
    response: pageOf(comment),
    handle: (call) => call.scope.proposals.comments(call.params.id, call.query),
  }),
  declareRoute({
    method: 'get',
    path: '/maturity/agents/{id}/proposal-history',
    operation: 'proposals.history',
    summary: 'List what was decided on the proposals of an agent, newest first',
    params: z.strictObject({ id: agentId }),
    query: historyQuery,
    response: pageOf(proposal),
    handle: (call) => call.scope.proposals.history(call.params.id, call.query),
  }),
]

/** What reviewers do with a pending proposal besides deciding on it. */
function attendingRoutes(): readonly ApiRoute[] {
  return [
    declareRoute({
      method: 'post',
      path: '/maturity/proposals/{id}/extend',
      operation: 'proposals.extend',
      summary: 'Give more time: the next version with a later expiry, to be approved anew',
      params,
      body: extensionBody,
      response: proposal,
      handle: (call) => call.scope.proposals.extend(call.params.id, call.body),
    }),
    declareRoute({
      method: 'post',
      path: '/maturity/proposals/{id}/assign',
      operation: 'proposals.assign',
      summary: 'Say who is to decide',
      params,
      body: assignmentBody,
      response: proposal,
      handle: (call) => call.scope.proposals.assign(call.params.id, call.body.to),
    }),
    declareRoute({
      method: 'post',
      path: '/maturity/proposals/{id}/acknowledge',
      operation: 'proposals.acknowledge',
      summary: 'Say that you are looking: escalation stops, the expiry stays',
      params,
      body: z.strictObject({}),
      response: proposal,
      handle: (call) => call.scope.proposals.acknowledge(call.params.id),
    }),
    declareRoute({
      method: 'post',
      path: '/maturity/proposals/{id}/snooze',
      operation: 'proposals.snooze',
      summary: 'Let escalation wait',
      params,
      body: snoozeBody,
      response: proposal,
      handle: (call) => call.scope.proposals.snooze(call.params.id, call.body.until),
    }),
  ]
}
