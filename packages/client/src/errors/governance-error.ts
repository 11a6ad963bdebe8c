import { ERROR_CODES, type ErrorCode } from './error-codes.ts'
import { redactText } from './redact-text.ts'

const MARKER = 'preceptor.governance-error'
const DOCS = 'docs/errors.md'

/** What a `GovernanceError` is made from. */
export interface GovernanceErrorOptions {
  /** One sentence that names the thing; the default is the summary of the code. Never secrets or raw args. */
  readonly message?: string
  /** What to do about it; the default is the advice of the code. */
  readonly hint?: string
  /** The fault underneath. */
  readonly cause?: unknown
  /** Plain data for programs, such as the ids of what is in the way. */
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * The one error class of the product: a fault or misuse, with a code of the table `ERROR_CODES`.
 *
 * @example
 * ```ts
 * import { GovernanceError } from '@preceptor/client'
 *
 * try {
 *   throw new GovernanceError('AGENT_EXISTS', { message: 'The agent "refund-bot" is already registered.' })
 * } catch (error) {
 *   if (GovernanceError.isInstance(error) && error.code === 'AGENT_EXISTS') console.log(error.hint)
 * }
 * ```
 */
export class GovernanceError extends Error {
  /** Name of the class, kept under minification. */
  override readonly name = 'GovernanceError'
  /** Code of the table `ERROR_CODES`. */
  readonly code: ErrorCode
  /** What to do about it. */
  readonly hint: string
  /** Plain data for programs. */
  readonly details: Readonly<Record<string, unknown>>
  /** Marks the class across copies of the package. */
  readonly marker: typeof MARKER = MARKER

  constructor(code: ErrorCode, options: GovernanceErrorOptions = {}) {
    // Whatever a caller put where it does not belong, such as into the path of an address, must not come back by an error.
    const message = options.message === undefined ? ERROR_CODES[code].summary : redactText(options.message)
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.code = code
    this.hint = options.hint === undefined ? ERROR_CODES[code].advice : redactText(options.hint)
    this.details = options.details === undefined ? {} : redactDetails(options.details)
  }

  /** HTTP status of the code. */
  get status(): number {
    return ERROR_CODES[this.code].status
  }

  /** Whether the same call may succeed later without being changed. */
  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable
  }

  /** Where the documentation of the package explains the code. */
  get docs(): string {
    return `${DOCS}#${this.code.toLowerCase()}`
  }

  /** Tells whether a value is a `GovernanceError`, also one of another copy of the package. */
  static isInstance(value: unknown): value is GovernanceError {
    return typeof value === 'object' && value !== null && 'marker' in value && value.marker === MARKER
  }
}

function redactDetails(details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(details).map(([name, value]) => [name, redactDetail(value)]))
}

function redactDetail(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value)
  return Array.isArray(value) ? value.map(redactDetail) : value
}
