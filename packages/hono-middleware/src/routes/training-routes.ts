import type { PageQuery, TrainingSession } from '@preceptor/client'
import { z } from 'zod'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { agentId, id, pageOf, pageQuery, reason } from './common-schemas.ts'
import { decision } from './decision-schemas.ts'
import { readingRoutes } from './record-routes.ts'
import { blockedTrigger, recordQuery, trainingProposal } from './record-schemas.ts'
import {
  blockedTriggerQuery,
  completionBody,
  scenario,
  scenarioAnswer,
  trainingApproval,
  trainingSession,
  trainingSessionDetail,
} from './training-schemas.ts'

const params = z.strictObject({ id })
const pages: z.ZodType<PageQuery> = pageQuery
const retried = z.strictObject({ blockedTrigger, decision })

const blockedTriggerRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'get',
    path: '/blocked-triggers',
    operation: 'blocked_triggers.list',
    summary: 'List blocked triggers, newest first',
    query: blockedTriggerQuery,
    response: pageOf(blockedTrigger),
    handle: ({ scope, query }) => scope.blockedTriggers.list(query),
  }),
  declareRoute({
    method: 'get',
    path: '/blocked-triggers/{id}',
    operation: 'blocked_triggers.get',
    summary: 'Get one of the blocked triggers',
    params,
    response: blockedTrigger,
    handle: (call) => call.scope.blockedTriggers.get(call.params.id),
  }),
  declareRoute({
    method: 'post',
    path: '/blocked-triggers/{id}/retry',
    operation: 'blocked_triggers.retry',
    summary: 'Make the same attempt again as the one who asked',
    params,
    response: retried,
    handle: (call) => call.scope.blockedTriggers.retry(call.params.id),
  }),
]

const proposalRoutes: readonly ApiRoute[] = [
  ...readingRoutes({
    path: '/maturity/training/proposals',
    noun: 'training_proposals',
    name: 'training proposals',
    row: trainingProposal,
    of: (scope) => scope.trainingProposals,
  }),
  declareRoute({
    method: 'post',
    path: '/maturity/training/proposals/{id}/approve',
    operation: 'training_proposals.approve',
    summary: 'Approve a course and schedule its session',
    params,
    body: trainingApproval,
    response: trainingProposal,
    handle: (call) => call.scope.trainingProposals.approve(call.params.id, call.body),
  }),
  declareRoute({
    method: 'post',
    path: '/maturity/training/proposals/{id}/reject',
    operation: 'training_proposals.reject',
    summary: 'Reject a course for good',
    params,
    body: z.strictObject({ reason }),
    response: trainingProposal,
    handle: (call) => call.scope.trainingProposals.reject(call.params.id, call.body.reason),
  }),
  declareRoute({
    method: 'post',
    path: '/maturity/training/proposals/{id}/design',
    operation: 'training_proposals.design',
    summary: 'Let the meta-agent design a course anew that nobody has decided on',
    params,
    response: trainingProposal,
    handle: (call) => call.scope.trainingProposals.design(call.params.id),
  }),
]

/** A step of a session that needs nothing but its id. */
function sessionStep(verb: 'start' | 'pause' | 'resume', summary: string): ApiRoute {
  return declareRoute({
    method: 'post',
    path: `/maturity/training/sessions/{id}/${verb}`,
    operation: `training_sessions.${verb}`,
    summary,
    params,
    response: trainingSession,
    handle: (call): Promise<TrainingSession> => call.scope.trainingSessions[verb](call.params.id),
  })
}

const sessionRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'get',
    path: '/maturity/training/sessions',
    operation: 'training_sessions.list',
    summary: 'List training sessions, newest first',
    query: recordQuery,
    response: pageOf(trainingSession),
    handle: ({ scope, query }) => scope.trainingSessions.list(query),
  }),
  declareRoute({
    method: 'get',
    path: '/maturity/training/sessions/{id}',
    operation: 'training_sessions.get',
    summary: 'Get a training session with its scenarios',
    params,
    response: trainingSessionDetail,
    handle: (call) => call.scope.trainingSessions.get(call.params.id),
  }),
  sessionStep('start', 'Start a scheduled session'),
  sessionStep('pause', 'Pause a session before its next scenario'),
  sessionStep('resume', 'Go on with a paused session'),
  declareRoute({
    method: 'post',
    path: '/maturity/training/sessions/{id}/cancel',
    operation: 'training_sessions.cancel',
    summary: 'End a session without a score',
    params,
    body: z.strictObject({ reason }),
    response: trainingSession,
    handle: (call) => call.scope.trainingSessions.cancel(call.params.id, call.body.reason),
  }),
  declareRoute({
    method: 'post',
    path: '/maturity/training/sessions/{id}/answers',
    operation: 'training_sessions.answer',
    summary: 'Enter an answer by hand, or the score of one that waits for a person',
    params,
    body: scenarioAnswer,
    response: trainingSessionDetail,
    handle: (call) => call.scope.trainingSessions.answer(call.params.id, call.body),
  }),
  declareRoute({
    method: 'post',
    path: '/maturity/training/sessions/{id}/complete',
    operation: 'training_sessions.complete',
    summary: 'Complete a session by the scores of its scenarios, or by one that a human trainer types with a reason',
    params,
    body: completionBody,
    response: trainingSession,
    handle: ({ scope, params: { id: session }, body: { score, reason: why } }) =>
      score === undefined || why === undefined
        ? scope.trainingSessions.complete(session)
        : scope.trainingSessions.complete(session, { score, reason: why }),
  }),
]

const scenarioRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'get',
    path: '/maturity/training/scenarios',
    operation: 'scenarios.list',
    summary: 'List the scenarios that sessions are made of, by id',
    query: pages,
    response: pageOf(scenario),
    handle: ({ scope, query }) => scope.scenarios.list(query),
  }),
  declareRoute({
    method: 'post',
    path: '/maturity/training/scenarios',
    operation: 'scenarios.import',
    summary: 'Import scenarios; a version that is there stays as it is',
    body: z.strictObject({ scenarios: z.array(scenario).max(500) }),
    response: z.strictObject({ imported: z.int() }),
    handle: ({ scope, body }) => scope.scenarios.import(body.scenarios),
  }),
]

/** From the attempt that was blocked to the course that brings the agent back. */
export const trainingRoutes: readonly ApiRoute[] = [
  ...blockedTriggerRoutes,
  ...proposalRoutes,
  ...sessionRoutes,
  ...scenarioRoutes,
  declareRoute({
    method: 'get',
    path: '/maturity/agents/{id}/training-history',
    operation: 'agents.training_history',
    summary: 'List the training sessions of an agent, newest first',
    params: z.strictObject({ id: agentId }),
    query: pages,
    response: pageOf(trainingSession),
    handle: (call) => call.scope.agents.trainingHistory(call.params.id, call.query),
  }),
]
