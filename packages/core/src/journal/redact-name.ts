import { createHash } from 'node:crypto'
import { redactText } from './redact-text.ts'

const DIGITS = 12

/**
 * A name that a caller chose, such as that of a run, without the secrets that can be recognised in it. Two names that
 * differ stay apart, the same name stays the same.
 */
export function redactName(name: string): string {
  const redacted = redactText(name)
  if (redacted === name) return name
  return `${redacted} #${createHash('sha256').update(name).digest('hex').slice(0, DIGITS)}`
}
