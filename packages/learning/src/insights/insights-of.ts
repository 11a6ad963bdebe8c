import type { AgentInsights, AgentMetrics, TrainingOpportunity } from '../client/feedback.ts'
import { recommend } from './recommendations.ts'

/** How often a tag came with negative feedback or a correction. */
export interface TagCount {
  readonly tag: string
  readonly count: number
}

/** What insights are made from. */
export interface InsightFacts {
  readonly metrics: AgentMetrics
  readonly tags: readonly TagCount[]
  readonly opportunities: readonly TrainingOpportunity[]
  readonly unapplied: number
}

const MOST_ISSUES = 10

/** What stands out in the feedback on an agent. */
export function insightsOf({ metrics, tags, opportunities, unapplied }: InsightFacts): AgentInsights {
  const { agent, total, byKind } = metrics
  const rate = (count: number): number | null => (total === 0 ? null : count / total)
  const wrong = byKind.negative + byKind.correction
  const topIssues = [...tags]
    .sort((first, second) => second.count - first.count || (first.tag < second.tag ? -1 : 1))
    .slice(0, MOST_ISSUES)
    .map(({ tag, count }) => ({ tag, count, share: wrong === 0 ? 0 : count / wrong }))
  const rates = { negativeRate: rate(byKind.negative), correctionRate: rate(byKind.correction) }
  return {
    agent,
    total,
    ...rates,
    topIssues,
    recommendations: recommend({ metrics, ...rates, topIssues, opportunities, unapplied }),
    opportunities,
  }
}
