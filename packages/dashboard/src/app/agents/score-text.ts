import { languageTag } from '../text/use-text.ts'
import { FULL } from './journey-model.ts'

/** A confidence in basis points as people write it: `0.62`. */
export function scoreText(confidence: number): string {
  return (confidence / FULL).toLocaleString(languageTag(), { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}

/** A change of confidence with its sign: `+0.07`, `−0.20`, `±0`. */
export function changeText(change: number): string {
  if (change === 0) return '±0'
  const digits = Math.abs(change) % 100 === 0 ? 2 : 4
  const size = (Math.abs(change) / FULL).toLocaleString(languageTag(), {
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  })
  return `${change > 0 ? '+' : '−'}${size}`
}
