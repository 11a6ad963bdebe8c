import { z } from 'zod'
import { parseInput } from './parse-input.ts'

const reason = z.string().trim().min(1, 'say why, in at least one character').max(1_000)

/**
 * Parses the reason of an act that needs one.
 *
 * @throws GovernanceError `INPUT_INVALID`
 */
export function parseReason(value: unknown): string {
  return parseInput(reason, value, 'reason')
}
