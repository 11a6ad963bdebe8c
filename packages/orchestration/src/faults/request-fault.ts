import type { Clock, OutboundAnswer, OutboundResult } from '@preceptor/core/plugin'
import { retryAfterMs } from './retry-after.ts'
import { StepFault } from './step-fault.ts'

/** What was asked of whom. */
export interface AskedRequest {
  /** Such as `POST https://crm.example.com/customers`: no query and nothing that was sent. */
  readonly what: string
  /** Whether sending it twice has the effect of once. */
  readonly isRepeatable: boolean
}

const SHOWN_BODY = 300
// Too early, too many, took too long: the answers of 4xx that do not speak of the request.
const PASSING: ReadonlySet<number> = new Set([408, 425, 429])
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu

const REFUSALS = {
  address_refused: 'nothing was sent: it leads to no public address, and the host allows no other.',
  header_refused: 'nothing was sent: a header cannot be sent.',
} as const

/** The fault that a request without an answer is. */
export function faultWithoutAnswer(
  result: Exclude<OutboundResult, OutboundAnswer>,
  { what, isRepeatable }: AskedRequest,
): StepFault {
  if (result.outcome === 'refused') return new StepFault(`${what}: ${REFUSALS[result.reason]}`)
  const { reason, mayHaveArrived } = result
  const isEffectUnknown = mayHaveArrived && !isRepeatable
  const known = isEffectUnknown ? ' Whether it took effect is not known.' : ''
  return new StepFault(`${what} got no answer: ${reason}.${known}`, {
    isRetryable: !isEffectUnknown,
    isEffectUnknown,
    code: reason === 'timeout' ? 'ETIMEDOUT' : reason,
  })
}

/** The fault that an answer of 400 and above is; `said` is its body, freed of what was sent as a secret. */
export function faultOfStatus(
  { status, headers }: OutboundAnswer,
  { what }: AskedRequest,
  { said, clock }: { readonly said: string; readonly clock: Clock },
): StepFault {
  const wait = retryAfterMs(headers, clock.now())
  const start = said.replace(UNSEEN, ' ').replace(/ {2,}/g, ' ').trim().slice(0, SHOWN_BODY)
  return new StepFault(`${what} was answered ${status}${start === '' ? '.' : `: ${start}`}`, {
    isRetryable: isWorthRetrying(status),
    status,
    ...(wait !== undefined && { retryAfterMs: wait }),
  })
}

/** Whether the same request may get another answer later. */
export function isWorthRetrying(status: number): boolean {
  return PASSING.has(status) || status >= 500
}
