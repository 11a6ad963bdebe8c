import type { ControlScope, Listing } from '@preceptor/client'
import { z } from 'zod'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { id, pageOf } from './common-schemas.ts'
import { proposal, queueEntry, recordQuery } from './record-schemas.ts'

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
    path: '/supervised-queue',
    noun: 'queue',
    name: 'supervised queue entries',
    row: queueEntry,
    of: (scope) => scope.queue,
  }),
]
