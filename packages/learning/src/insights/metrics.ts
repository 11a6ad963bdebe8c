import type { AgentMetrics, FeedbackKind } from '../client/feedback.ts'

/** How often one kind of feedback came in one half of a time. */
export interface KindCount {
  readonly kind: FeedbackKind
  /** Whether in the later half. */
  readonly isLater: boolean
  readonly count: number
}

/** What the numbers of an agent are made of. */
export interface MetricsFacts extends Pick<AgentMetrics, 'agent' | 'from' | 'to' | 'responseTimeMs'> {
  readonly counts: readonly KindCount[]
}

/** The numbers of an agent over a time. */
export function metricsOf({ counts, agent, from, to, responseTimeMs }: MetricsFacts): AgentMetrics {
  const earlier = accuracyOf(counts.filter(({ isLater }) => !isLater))
  const later = accuracyOf(counts.filter(({ isLater }) => isLater))
  return {
    agent,
    from,
    to,
    total: sumOf(counts, () => true),
    byKind: {
      positive: sumOf(counts, ({ kind }) => kind === 'positive'),
      negative: sumOf(counts, ({ kind }) => kind === 'negative'),
      correction: sumOf(counts, ({ kind }) => kind === 'correction'),
      suggestion: sumOf(counts, ({ kind }) => kind === 'suggestion'),
    },
    accuracy: accuracyOf(counts),
    improvementRate: earlier === null || later === null ? null : later - earlier,
    responseTimeMs,
  }
}

/** The share of positive feedback among what judges an answer; a suggestion does not. */
function accuracyOf(counts: readonly KindCount[]): number | null {
  const judged = sumOf(counts, ({ kind }) => kind !== 'suggestion')
  return judged === 0 ? null : sumOf(counts, ({ kind }) => kind === 'positive') / judged
}

function sumOf(counts: readonly KindCount[], isMeant: (count: KindCount) => boolean): number {
  return counts.filter(isMeant).reduce((sum, { count }) => sum + count, 0)
}
