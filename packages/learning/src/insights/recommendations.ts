import type { AgentInsights, AgentMetrics, TrainingOpportunity } from '../client/feedback.ts'

/** What recommendations are made from. */
export interface RecommendationFacts {
  readonly metrics: Pick<AgentMetrics, 'total' | 'improvementRate'>
  readonly negativeRate: number | null
  readonly correctionRate: number | null
  readonly topIssues: AgentInsights['topIssues']
  readonly opportunities: readonly TrainingOpportunity[]
  /** Examples of its type that no training used. */
  readonly unapplied: number
}

/** Below so much feedback, shares say nothing. */
const LEAST_FEEDBACK = 10
/** A share of negative feedback, or of corrections, that is too high. */
const HIGH_RATE = 0.3
/** A share of what was wrong that is one matter. */
const MAIN_SHARE = 0.4
/** How often that matter came, at least. */
const LEAST_OF_ISSUE = 3
/** A loss of accuracy from one half of the time to the other that counts. */
const LOSS = -0.1
/** Examples that are enough for a training. */
const ENOUGH_EXAMPLES = 10

type Rule = (facts: RecommendationFacts) => AgentInsights['recommendations'][number] | null

const percent = (share: number): string => `${Math.round(share * 100)} %`

const RULES: readonly Rule[] = [
  ({ metrics: { total } }) =>
    total >= LEAST_FEEDBACK
      ? null
      : { code: 'GIVE_FEEDBACK', text: `There are ${total} pieces of feedback; ${LEAST_FEEDBACK} say something.` },
  ({ metrics: { total }, negativeRate }) =>
    total < LEAST_FEEDBACK || negativeRate === null || negativeRate < HIGH_RATE
      ? null
      : {
          code: 'EXPLAIN_NEGATIVE',
          text: `${percent(negativeRate)} of the feedback is negative: give corrections, from which it can learn.`,
        },
  ({ metrics: { total }, correctionRate }) =>
    total < LEAST_FEEDBACK || correctionRate === null || correctionRate < HIGH_RATE
      ? null
      : { code: 'CORRECTED_OFTEN', text: `${percent(correctionRate)} of the feedback are corrections: train it.` },
  ({ topIssues: [first] }) =>
    first === undefined || first.share < MAIN_SHARE || first.count < LEAST_OF_ISSUE
      ? null
      : { code: 'ONE_ISSUE', text: `${percent(first.share)} of what was wrong is tagged "${first.tag}": begin there.` },
  ({ metrics: { total, improvementRate } }) =>
    total < LEAST_FEEDBACK || improvementRate === null || improvementRate > LOSS
      ? null
      : { code: 'GETTING_WORSE', text: `Its accuracy fell by ${percent(-improvementRate)}: look at what changed.` },
  ({ unapplied }) =>
    unapplied < ENOUGH_EXAMPLES
      ? null
      : { code: 'TRAIN', text: `${unapplied} examples of its type wait: a training can use them.` },
  ({ opportunities }) =>
    opportunities.length === 0
      ? null
      : {
          code: 'REPEATED_CORRECTIONS',
          text: `${opportunities.length} corrections come again and again: put them into its playbook.`,
        },
]

/** What to do, by rules with stated thresholds; in the order in which they matter. */
export function recommend(facts: RecommendationFacts): AgentInsights['recommendations'] {
  return RULES.flatMap((rule) => rule(facts) ?? [])
}
