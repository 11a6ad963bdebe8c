import { languageTag } from '../text/use-text.ts'

/** A score from 0 to 1 as people write it: `0.75`. */
export function scoreShare(score: number): string {
  return score.toLocaleString(languageTag(), { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}
