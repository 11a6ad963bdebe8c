import { z } from 'zod'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { proposalCard } from './card-schemas.ts'
import { id, reason } from './common-schemas.ts'
import { proposal } from './record-schemas.ts'
import { approvalBody, rejectionBody, resolutionBody, responseBody } from './review-schemas.ts'

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
]
