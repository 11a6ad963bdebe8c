import type { AgentReview, PageQuery, RecordQuery, Reviewer } from '@preceptor/client'
import { z } from 'zod'
import { type ApiRoute, declareRoute } from './api-route.ts'
import { argChange } from './card-schemas.ts'
import {
  agentId,
  id,
  jsonObject,
  nullableText,
  nullableTime,
  pageOf,
  pageQuery,
  reason,
  risk,
  time,
} from './common-schemas.ts'

const count = z.int().min(0)
const byRisk = <T>(value: z.ZodType<T>) => z.strictObject({ safe: value, medium: value })

/** What an autonomous reviewer said. */
const agentReview: z.ZodType<AgentReview> = z.strictObject({
  id,
  kind: z.enum(['proposal', 'canary', 'step']),
  proposalId: nullableText,
  version: z.nullable(z.int()),
  sessionId: nullableText,
  stepId: nullableText,
  agent: agentId,
  action: z.string(),
  risk,
  actionHash: z.string().length(64),
  reviewer: agentId,
  by: z.string(),
  askedBy: z.string(),
  state: z.enum(['asked', 'completed']),
  verdict: z.nullable(z.enum(['approve', 'deny', 'escalate'])),
  reasons: z.array(z.string()),
  effect: z.nullable(z.enum(['approved', 'rejected', 'none'])),
  note: nullableText,
  isSampled: z.boolean(),
  isFault: z.boolean(),
  suggestedArgs: z.nullable(jsonObject),
  suggestions: z.array(argChange),
  createdAt: time,
  completedAt: nullableTime,
})

const reviewer: z.ZodType<Reviewer> = z.strictObject({
  agent: agentId,
  state: z.enum(['active', 'suspended']),
  by: nullableText,
  record: z.strictObject({
    agreed: count,
    disagreed: count,
    caught: count,
    missed: count,
    decided: count,
    share: byRisk(z.number()),
    counts: byRisk(z.boolean()),
  }),
  changedBy: nullableText,
  reason: nullableText,
  changedAt: nullableTime,
})

const params = z.strictObject({ id })
const reviewerParams = z.strictObject({ id: agentId })
const why = z.strictObject({ reason })
const listQuery: z.ZodType<PageQuery> = pageQuery
const reviewQuery: z.ZodType<RecordQuery> = pageQuery.extend({
  agent: agentId.exactOptional(),
  state: z.enum(['asked', 'completed', 'to_rate']).exactOptional(),
})

/** Autonomous reviewers and what they said. */
export const reviewerRoutes: readonly ApiRoute[] = [
  declareRoute({
    method: 'post',
    path: '/maturity/proposals/{id}/review',
    operation: 'proposals.review',
    summary: 'Ask an autonomous reviewer, which decides only where the risk and its record let it',
    params,
    response: agentReview,
    handle: (call) => call.scope.proposals.review(call.params.id),
  }),
  declareRoute({
    method: 'get',
    path: '/reviews',
    operation: 'reviews.list',
    summary: 'List what autonomous reviewers said, newest first',
    query: reviewQuery,
    response: pageOf(agentReview),
    handle: ({ scope, query }) => scope.reviews.list(query),
  }),
  declareRoute({
    method: 'get',
    path: '/reviews/{id}',
    operation: 'reviews.get',
    summary: 'Get what an autonomous reviewer said',
    params,
    response: agentReview,
    handle: (call) => call.scope.reviews.get(call.params.id),
  }),
  declareRoute({
    method: 'get',
    path: '/reviewers',
    operation: 'reviewers.list',
    summary: 'List the autonomous reviewers with their records',
    query: listQuery,
    response: pageOf(reviewer),
    handle: ({ scope, query }) => scope.reviewers.list(query),
  }),
  declareRoute({
    method: 'post',
    path: '/reviewers/{id}/suspend',
    operation: 'reviewers.suspend',
    summary: 'Let an autonomous reviewer review no more',
    params: reviewerParams,
    body: why,
    response: reviewer,
    handle: (call) => call.scope.reviewers.suspend(call.params.id, call.body.reason),
  }),
  declareRoute({
    method: 'post',
    path: '/reviewers/{id}/resume',
    operation: 'reviewers.resume',
    summary: 'Let a suspended reviewer review again, from a new record',
    params: reviewerParams,
    body: why,
    response: reviewer,
    handle: (call) => call.scope.reviewers.resume(call.params.id, call.body.reason),
  }),
]
