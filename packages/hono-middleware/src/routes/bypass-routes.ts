import type { Bypass, BypassRequest, PageQuery } from '@preceptor/client'
import { z } from 'zod'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { agentId, id, nullableText, nullableTime, pageOf, pageQuery, reason, time } from './common-schemas.ts'

const params = z.strictObject({ id })
const listQuery: z.ZodType<PageQuery> = pageQuery
const name = z.string().min(1).max(128)
const target: z.ZodType<Bypass['target']> = z.enum(['agent', 'workspace'])

const bypass: z.ZodType<Bypass> = z.strictObject({
  id: z.string(),
  target,
  agent: nullableText,
  capability: nullableText,
  action: nullableText,
  state: z.enum(['active', 'expired', 'lifted']),
  reason: z.string(),
  setBy: z.string(),
  setAt: time,
  expiresAt: time,
  liftedBy: nullableText,
  liftedAt: nullableTime,
  liftReason: nullableText,
})

const bypassBody: z.ZodType<BypassRequest> = z.strictObject({
  target,
  agent: agentId.exactOptional(),
  capability: name.exactOptional(),
  action: name.exactOptional(),
  durationMs: z.int().min(1_000).max(86_400_000).exactOptional(),
  reason,
})

/** Emergency overrides. */
export const bypassRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'post',
    path: '/bypasses',
    operation: 'bypasses.set',
    summary: 'Set a bypass: what it covers runs unearned until it ends',
    body: bypassBody,
    response: bypass,
    status: 201,
    handle: ({ scope, body }) => scope.bypasses.set(body),
  }),
  declareRoute({
    method: 'get',
    path: '/bypasses',
    operation: 'bypasses.list',
    summary: 'List bypasses, newest first',
    query: listQuery,
    response: pageOf(bypass),
    handle: ({ scope, query }) => scope.bypasses.list(query),
  }),
  declareRoute({
    method: 'delete',
    path: '/bypasses/{id}',
    operation: 'bypasses.lift',
    summary: 'Lift a bypass before its time, with a reason',
    params,
    query: z.strictObject({ reason }),
    response: bypass,
    handle: (call) => call.scope.bypasses.lift(call.params.id, call.query.reason),
  }),
]
