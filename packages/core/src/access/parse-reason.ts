import { parseInput } from './parse-input.ts'
import { personText } from './person-text.ts'

const reason = personText(1_000, 'say why, in at least one character')

/**
 * Parses the reason of an act that needs one; a secret in it that can be recognised is redacted.
 *
 * @throws GovernanceError `INPUT_INVALID`
 */
export function parseReason(value: unknown): string {
  return parseInput(reason, value, 'reason')
}
