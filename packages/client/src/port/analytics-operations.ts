import type {
  AnalyticsDecisions,
  AnalyticsMaturity,
  AnalyticsQuery,
  AnalyticsReviewers,
  AnalyticsRouting,
  AnalyticsSummary,
  AnalyticsSupervision,
  AnalyticsSystem,
  AnalyticsTraining,
} from '../resources/analytics.ts'

/**
 * How decisions, agents, reviewers and training do, counted from what is stored. A range has at most 366 days; without
 * one it is the last 30 days. Whoever may only see some agents is told of those.
 */
export interface AnalyticsOperations {
  /** What waits, how fast and how people decide, beside the period before. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  summary(query?: AnalyticsQuery): Promise<AnalyticsSummary>
  /** Outcomes over time. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  decisions(query?: AnalyticsQuery): Promise<AnalyticsDecisions>
  /** Decisions by route and by source. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  routing(query?: AnalyticsQuery): Promise<AnalyticsRouting>
  /** Agents by maturity over time, how they move, and how long they stay. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  maturity(query?: AnalyticsQuery): Promise<AnalyticsMaturity>
  /** Who decides, how fast, and who may be approving without reading. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  reviewers(query?: AnalyticsQuery): Promise<AnalyticsReviewers>
  /** Whether training reaches its targets. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  training(query?: AnalyticsQuery): Promise<AnalyticsTraining>
  /** Sessions, interventions, ratings and the queue. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  supervision(query?: AnalyticsQuery): Promise<AnalyticsSupervision>
  /** What is open now, and what lags behind. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  system(query?: Pick<AnalyticsQuery, 'agent'>): Promise<AnalyticsSystem>
}
