import type { ControlScope, Listing } from '@preceptor/client'
import { z } from 'zod'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { id, pageOf } from './common-schemas.ts'
import { proposal, queueEntry, recordQuery, supervisionSession } from './record-schemas.ts'

const params = z.strictObject({ id })

/** The two routes by which a kind of record is read. */
export function readingRoutes<Row>(kind: {
  readonly path: string
  readonly noun: string
  readonly name: string
  readonly row: z.ZodType<Row>
  readonly of: (scope: ControlScope) => Listing<Row>
}): readonly ApiRoute[] {
  return [
    declareRoute({
      method: 'get',
      path: kind.path,
      operation: `${kind.noun}.list`,
      summary: `List ${kind.name}, newest first`,
      query: recordQuery,
      response: pageOf(kind.row),
      handle: ({ scope, query }) => kind.of(scope).list(query),
    }),
    declareRoute({
      method: 'get',
      path: `${kind.path}/{id}`,
      operation: `${kind.noun}.get`,
      summary: `Get one of the ${kind.name}`,
      params,
      response: kind.row,
      handle: (call) => kind.of(call.scope).get(call.params.id),
    }),
  ]
}

/** What agents attempted and what waits for people. */
export const recordRoutes: readonly ApiRoute[] = [
  ...readingRoutes({
    path: '/maturity/proposals',
    noun: 'proposals',
    name: 'proposals',
    row: proposal,
    of: (scope) => scope.proposals,
  }),
  ...readingRoutes({
    path: '/supervision/sessions',
    noun: 'sessions',
    name: 'supervision sessions',
    row: supervisionSession,
    of: (scope) => scope.sessions,
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
  ...readingRoutes({
    path: '/supervised-queue',
    noun: 'queue',
    name: 'supervised queue entries',
    row: queueEntry,
    of: (scope) => scope.queue,
  }),
]
