import type { AnalyticsOperations } from '../port/analytics-operations.ts'
import type {
  AnalyticsDecisions,
  AnalyticsMaturity,
  AnalyticsReviewers,
  AnalyticsRouting,
  AnalyticsSummary,
  AnalyticsSupervision,
  AnalyticsSystem,
  AnalyticsTraining,
} from '../resources/analytics.ts'
import { type Connection, type FieldsOf, readResource } from './connection.ts'
import type { ApiRequest } from './transport.ts'

const SUMMARY: FieldsOf<AnalyticsSummary> = ['range', 'waiting', 'settled', 'decided', 'withoutPeople']
const DECISIONS: FieldsOf<AnalyticsDecisions> = ['range', 'buckets', 'total']
const ROUTING: FieldsOf<AnalyticsRouting> = ['range', 'total', 'routes', 'sources']
const MATURITY: FieldsOf<AnalyticsMaturity> = ['range', 'population', 'transitions', 'stays']
const REVIEWERS: FieldsOf<AnalyticsReviewers> = ['range', 'reviewers']
const TRAINING: FieldsOf<AnalyticsTraining> = ['range', 'targets', 'sessions', 'gains', 'blocked']
const SUPERVISION: FieldsOf<AnalyticsSupervision> = ['range', 'sessions', 'interventions', 'queue']
const SYSTEM: FieldsOf<AnalyticsSystem> = ['at', 'open', 'journal', 'deliveries', 'supervisorsOnline']

// Much may be stored of a year.
const COUNT_DEADLINE_MS = 30_000

/** The analyses, each of them one request. */
export function remoteAnalytics(connection: Connection): AnalyticsOperations {
  const read =
    <T>(name: string, fields: FieldsOf<T>) =>
    async (query: object = {}): Promise<T> => {
      const path = `/analytics/${name}`
      // A query of the port holds nothing but texts.
      const stated = { ...(query as ApiRequest['query']) }
      const request = { method: 'GET', path, query: stated, deadlineMs: COUNT_DEADLINE_MS } as const
      return readResource(await connection.request(request), fields)
    }
  return {
    summary: read('summary', SUMMARY),
    decisions: read('decisions', DECISIONS),
    routing: read('routing', ROUTING),
    maturity: read('maturity', MATURITY),
    reviewers: read('reviewers', REVIEWERS),
    training: read('training', TRAINING),
    supervision: read('supervision', SUPERVISION),
    system: read('system', SYSTEM),
  }
}
