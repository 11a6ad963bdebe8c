import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { ERROR_CODES, type ErrorCode, GovernanceError } from '@preceptor/client'

/** What the outside is told of an error. */
export interface VisibleError {
  readonly code: ErrorCode
  readonly message: string
  /** What to do about it. */
  readonly next: string
  readonly retryable: boolean
  readonly docs: string
}

/** An error as the outside may see it: what failed inside is named by its code only. */
export function visibleError(error: unknown): VisibleError {
  const fault = GovernanceError.isInstance(error) ? error : new GovernanceError('INTERNAL', { cause: error })
  const { code, message, hint, retryable, docs, status } = fault
  const { summary, advice } = ERROR_CODES[code]
  const isInside = status >= 500
  return { code, message: isInside ? summary : message, next: isInside ? advice : hint, retryable, docs }
}

/** Tells the model what is wrong and what to do next; no structured content, for that is what the output schema says. */
export function errorResult(error: unknown): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: JSON.stringify({ error: visibleError(error) }) }] }
}
