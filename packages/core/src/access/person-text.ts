import { z } from 'zod'
import { redactText } from '../journal/redact-text.ts'

/**
 * A text that a person writes for others, such as a reason or a comment, of 1 to so many characters. A secret in it that
 * can be recognised is gone before anything keeps it.
 */
export function personText(longest: number, empty?: string): z.ZodType<string> {
  return z.string().trim().min(1, empty).max(longest).transform(redactText)
}
