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
// It came too slowly, too early, too often, or while nobody was there: whoever says so has not begun with it.
const NOT_BEGUN: ReadonlySet<number> = new Set([408, 425, 429, 503])
// Whoever stands in between got no answer either.
const LOST: ReadonlySet<number> = new Set([502, 504])
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
  if (result.outcome === 'refused') return new StepFault(`${what}: ${REFUSALS[result.reason]}`, { isRetryable: false })
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
  { what, isRepeatable }: AskedRequest,
  { said, clock }: { readonly said: string; readonly clock: Clock },
): StepFault {
  const wait = retryAfterMs(headers, clock.now())
  const start = said.replace(UNSEEN, ' ').replace(/ {2,}/g, ' ').trim().slice(0, SHOWN_BODY)
  const mayHelp = isWorthRetrying(status)
  // Another try of what cannot be repeated may do it twice: that is for the definition, or a person.
  const isHarmless = !mayHelp || isRepeatable || NOT_BEGUN.has(status)
  return new StepFault(`${what} was answered ${status}${start === '' ? '.' : `: ${start}`}`, {
    ...(isHarmless && { isRetryable: mayHelp }),
    isEffectUnknown: LOST.has(status) && !isRepeatable,
    status,
    ...(wait !== undefined && { retryAfterMs: wait }),
  })
}

/** Whether the same request may be answered in another way later. */
export function isWorthRetrying(status: number): boolean {
  return NOT_BEGUN.has(status) || status >= 500
}
