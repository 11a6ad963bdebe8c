import {
  agentId,
  type DownloadRoute,
  declareRoute,
  id,
  type PluginRoutes,
  pageOf,
  type RouteCall,
} from '@preceptor/hono-middleware/routes'
import { z } from 'zod'
import { learning } from '../client/learning.ts'
import type { LearningOperations } from '../client/learning-operations.ts'
import {
  agentInsights,
  agentMetrics,
  daysQuery,
  example,
  exampleExport,
  exampleImport,
  exampleQuery,
  feedback,
  feedbackBody,
  feedbackQuery,
  importBody,
} from './feedback-schemas.ts'

const of = ({ scope }: Pick<RouteCall<unknown, unknown, unknown>, 'scope'>): LearningOperations =>
  scope.plugin(learning)

const byId = z.strictObject({ id })
const byAgent = z.strictObject({ agent: agentId })

const routes = [
  declareRoute({
    method: 'post',
    path: '/learning/feedback',
    operation: 'learning.feedback.give',
    summary: 'Give feedback on an answer of an agent; a correction becomes an example',
    body: feedbackBody,
    response: feedback,
    status: 201,
    handle: (call) => of(call).feedback.give(call.body),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/feedback',
    operation: 'learning.feedback.list',
    summary: 'List feedback, newest first',
    query: feedbackQuery,
    response: pageOf(feedback),
    handle: (call) => of(call).feedback.list(call.query),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/feedback/{id}',
    operation: 'learning.feedback.get',
    summary: 'Get feedback',
    params: byId,
    response: feedback,
    handle: (call) => of(call).feedback.get(call.params.id),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/metrics/{agent}',
    operation: 'learning.feedback.metrics',
    summary: 'Get the numbers of an agent: accuracy, improvement, response time',
    params: byAgent,
    query: daysQuery,
    response: agentMetrics,
    handle: (call) => of(call).feedback.metrics(call.params.agent, call.query),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/insights/{agent}',
    operation: 'learning.feedback.insights',
    summary: 'Get what stands out in the feedback on an agent, with recommendations',
    params: byAgent,
    query: daysQuery,
    response: agentInsights,
    handle: (call) => of(call).feedback.insights(call.params.agent, call.query),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/examples',
    operation: 'learning.examples.list',
    summary: 'List examples, newest first, or best first where words are searched for',
    query: exampleQuery,
    response: pageOf(example),
    handle: (call) => of(call).examples.list(call.query),
  }),
  declareRoute({
    method: 'post',
    path: '/learning/examples/import',
    operation: 'learning.examples.import',
    summary: 'Import examples, one JSON object a line; those that are there are left alone',
    body: importBody,
    response: exampleImport,
    handle: (call) => of(call).examples.import(call.body.lines),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/examples/by-id/{id}',
    operation: 'learning.examples.get',
    summary: 'Get an example',
    params: byId,
    response: example,
    handle: (call) => of(call).examples.get(call.params.id),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/examples/{agent}',
    operation: 'learning.examples.list',
    summary: 'List the examples of an agent',
    params: byAgent,
    query: exampleQuery,
    response: pageOf(example),
    handle: (call) => of(call).examples.list({ ...call.query, agent: call.params.agent }),
  }),
] as const

const download: DownloadRoute = {
  method: 'get',
  path: '/learning/export/examples',
  operation: 'learning.examples.export',
  summary: 'Export examples as JSON lines, oldest first; what is written can be imported',
  query: exampleExport,
  contentTypes: ['application/x-ndjson'],
  open: async ({ scope, query, signal }) => ({
    contentType: 'application/x-ndjson; charset=utf-8',
    fileName: `examples-${scope.workspace}.jsonl`,
    text: await of({ scope }).examples.export({ ...exampleExport.parse(query), signal }),
  }),
}

/** Routes of feedback and examples. */
export const feedbackRoutes: PluginRoutes = { routes, downloads: [download] }
