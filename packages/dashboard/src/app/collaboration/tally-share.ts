import type { Consensus } from '@preceptor/orchestration/client'

/** How an option stands. */
export interface OptionShare {
  readonly option: string
  readonly votes: number
  /** Basis points. */
  readonly weight: number
  /** Of the weight that was cast, 0 to 1; nought while nothing was cast. */
  readonly share: number
  /** Whether the share is enough; the quorum is another matter. */
  readonly isEnough: boolean
}

/** How each option of a vote stands against its threshold, by the weight that was cast. */
export function sharesOf({ tally, threshold }: Pick<Consensus, 'tally' | 'threshold'>): readonly OptionShare[] {
  const { castWeight, options } = tally
  return options.map(({ option, votes, weight }) => {
    const share = castWeight === 0 ? 0 : weight / castWeight
    return { option, votes, weight, share, isEnough: castWeight > 0 && share >= threshold }
  })
}

/** Members who took part, abstaining included. */
export function tookPart({ tally }: Pick<Consensus, 'tally'>): number {
  return tally.options.reduce((sum, { votes }) => sum + votes, tally.abstained)
}
