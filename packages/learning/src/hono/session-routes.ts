import {
  type DownloadRoute,
  declareRoute,
  type PluginRoutes,
  pageOf,
  type RouteCall,
} from '@preceptor/hono-middleware/routes'
import { learning } from '../client/learning.ts'
import type { LearningOperations } from '../client/learning-operations.ts'
import {
  adaptation,
  byType,
  dashboard,
  exportQuery,
  health,
  prediction,
  readExportQuery,
  session,
  sessionQuery,
  sessionRequest,
  statistics,
} from './session-schemas.ts'
import { byId, typeQuery } from './training-schemas.ts'

const of = ({ scope }: Pick<RouteCall<unknown, unknown, unknown>, 'scope'>): LearningOperations =>
  scope.plugin(learning)

const routes = [
  declareRoute({
    method: 'post',
    path: '/learning/sessions',
    operation: 'learning.sessions.start',
    summary: 'Improve an answer, and score it before and after',
    body: sessionRequest,
    response: session,
    status: 201,
    handle: (call) => of(call).sessions.start(call.body),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/sessions',
    operation: 'learning.sessions.list',
    summary: 'List learning sessions, newest first',
    query: sessionQuery,
    response: pageOf(session),
    handle: (call) => of(call).sessions.list(call.query),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/sessions/{id}',
    operation: 'learning.sessions.get',
    summary: 'Get a learning session',
    params: byId,
    response: session,
    handle: (call) => of(call).sessions.get(call.params.id),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/statistics',
    operation: 'learning.analytics.statistics',
    summary: 'Get the numbers of all agent types, of the cache and of this process',
    response: statistics,
    handle: (call) => of(call).analytics.statistics(),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/adaptations',
    operation: 'learning.analytics.adaptations',
    summary: 'List what continuous learning changed, newest first',
    query: typeQuery,
    response: pageOf(adaptation),
    handle: (call) => of(call).analytics.adaptations(call.query),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/predictions/{agentType}',
    operation: 'learning.analytics.predict',
    summary: 'Predict how the next sessions of an agent type come out; it is kept and compared with what comes',
    params: byType,
    response: prediction,
    handle: (call) => of(call).analytics.predict(call.params.agentType),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/dashboard/{agentType}',
    operation: 'learning.analytics.dashboard',
    summary: 'Get everything about one agent type',
    params: byType,
    response: dashboard,
    handle: (call) => of(call).analytics.dashboard(call.params.agentType),
  }),
  declareRoute({
    method: 'get',
    path: '/learning/health',
    operation: 'learning.analytics.health',
    summary: 'Try what learning stands on: database, models, queue',
    response: health,
    handle: (call) => of(call).analytics.health(),
  }),
] as const

const download: DownloadRoute = {
  method: 'get',
  path: '/learning/export',
  operation: 'learning.analytics.export',
  summary: 'Export sessions, adaptations, predictions and playbooks as JSON lines',
  query: exportQuery,
  contentTypes: ['application/x-ndjson'],
  open: async ({ scope, query, signal }) => ({
    contentType: 'application/x-ndjson; charset=utf-8',
    fileName: `learning-${scope.workspace}.jsonl`,
    text: await of({ scope }).analytics.export({ ...readExportQuery(query), signal }),
  }),
}

/** Routes of learning sessions and of what they show. */
export const sessionRoutes: PluginRoutes = { routes, downloads: [download] }
