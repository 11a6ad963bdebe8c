import { z } from 'zod'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { id, pageOf } from './common-schemas.ts'
import { recordQuery } from './record-schemas.ts'
import {
  handOverBody,
  interventionBody,
  objectionBody,
  ratingBody,
  sessionEventQuery,
  sessionEvents,
  supervisionSession,
  supervisionSessionDetail,
  takeOverBody,
} from './session-schemas.ts'

const params = z.strictObject({ id })

/** Live supervision. */
export const sessionRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'get',
    path: '/supervision/sessions',
    operation: 'sessions.list',
    summary: 'List supervision sessions, newest first',
    query: recordQuery,
    response: pageOf(supervisionSession),
    handle: ({ scope, query }) => scope.sessions.list(query),
  }),
  declareRoute({
    method: 'get',
    path: '/supervision/sessions/{id}',
    operation: 'sessions.get',
    summary: 'Get one of the supervision sessions, with its last steps and interventions',
    params,
    response: supervisionSessionDetail,
    handle: (call) => call.scope.sessions.get(call.params.id),
  }),
  declareRoute({
    method: 'get',
    path: '/supervision/sessions/{id}/events',
    operation: 'sessions.events',
    summary: 'Read what happened in a session and what its run said, in order',
    params,
    query: sessionEventQuery,
    response: sessionEvents,
    handle: (call) => call.scope.sessions.events(call.params.id, call.query),
  }),
  declareRoute({
    method: 'post',
    path: '/supervision/sessions/{id}/attach',
    operation: 'sessions.attach',
    summary: 'Watch a session, or renew the lease; call it again every 10 s',
    params,
    response: supervisionSession,
    handle: (call) => call.scope.sessions.attach(call.params.id),
  }),
  declareRoute({
    method: 'post',
    path: '/supervision/sessions/{id}/intervene',
    operation: 'sessions.intervene',
    summary: 'Pause, resume, correct or terminate a supervised run',
    params,
    body: interventionBody,
    response: supervisionSessionDetail,
    handle: (call) => call.scope.sessions.intervene(call.params.id, call.body),
  }),
  declareRoute({
    method: 'post',
    path: '/supervision/sessions/{id}/object',
    operation: 'sessions.object',
    summary: 'Withhold a step that has not begun, and pause the run',
    params,
    body: objectionBody,
    response: supervisionSessionDetail,
    handle: (call) => call.scope.sessions.object(call.params.id, call.body),
  }),
  declareRoute({
    method: 'post',
    path: '/supervision/sessions/{id}/hand-over',
    operation: 'sessions.hand_over',
    summary: 'Let another supervisor take the session',
    params,
    body: handOverBody,
    response: supervisionSession,
    handle: (call) => call.scope.sessions.handOver(call.params.id, call.body.to),
  }),
  declareRoute({
    method: 'post',
    path: '/supervision/sessions/{id}/take-over',
    operation: 'sessions.take_over',
    summary: 'Take a session that somebody else holds',
    params,
    body: takeOverBody,
    response: supervisionSession,
    handle: (call) => call.scope.sessions.takeOver(call.params.id, call.body.reason),
  }),
  declareRoute({
    method: 'post',
    path: '/supervision/sessions/{id}/complete',
    operation: 'sessions.complete',
    summary: 'Rate a session, and complete it where it goes on',
    params,
    body: ratingBody,
    response: supervisionSession,
    handle: (call) => call.scope.sessions.complete(call.params.id, call.body),
  }),
]
