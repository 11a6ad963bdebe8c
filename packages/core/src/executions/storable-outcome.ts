import { isInfrastructureFailure, type JsonValue, type StoredOutcome } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { hideValues } from '../journal/hide-values.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { storableText } from '../kernel/storable-text.ts'

const LARGEST_VALUE = 65_536
const LONGEST_MESSAGE = 2_000

/** The outcome of a run that gave a value: kept whole where JSON can carry it and it is not too large. */
export function outcomeOfValue(value: unknown, encode: ((value: unknown) => JsonValue) | undefined): StoredOutcome {
  try {
    const text = encode === undefined ? jsonText(value) : canonicalJson(encode(value))
    if (text === undefined || text.length > LARGEST_VALUE) return { status: 'succeeded', value: null, stored: false }
    return { status: 'succeeded', value: storable(text), stored: true }
  } catch {
    // The action ran: that its value cannot be kept must not make it a failure.
    return { status: 'succeeded', value: null, stored: false }
  }
}

// As JSON may write what the database takes in no text: U+0000, and halves of characters.
const MAY_BE_NOT_STORABLE = /\\u(0000|d[89a-f])/i

function storable(text: string): JsonValue {
  if (!MAY_BE_NOT_STORABLE.test(text)) return JSON.parse(text)
  return JSON.parse(text, (name, part) => {
    // A name that cannot be stored makes the value one that cannot be.
    if (storableText(name) !== name) throw new TypeError('It has names that cannot be stored.')
    return typeof part === 'string' ? storableText(part) : part
  })
}

function jsonText(value: unknown): string | undefined {
  return value === undefined ? 'null' : JSON.stringify(value)
}

/** The outcome of a run that threw; `signal` is the one that it was given, `hidden` what its message must not hold. */
export function outcomeOfError(
  error: unknown,
  { signal, hidden }: { readonly signal: Pick<AbortSignal, 'aborted' | 'reason'>; readonly hidden: readonly string[] },
): StoredOutcome {
  const message = error instanceof Error ? error.message : String(error)
  return failedOutcome(hideValues(message, hidden), isInfrastructureFailure(error, signal))
}

function failedOutcome(message: string, infrastructure: boolean): StoredOutcome {
  const said = storableText(message, LONGEST_MESSAGE)
  return { status: 'failed', message: said, ...(infrastructure && { infrastructure }) }
}

/** Whether an outcome that somebody reports is the word of the agent alone. */
export function isSelfReported({ principal }: Actor): boolean {
  return principal.kind === 'agent'
}

/** A reported outcome, cut to what is stored; an agent does not say whose fault it was. */
export function storableOutcome(outcome: StoredOutcome, actor: Actor): StoredOutcome {
  if (outcome.status === 'failed') {
    return failedOutcome(
      hideValues(String(outcome.message), []),
      outcome.infrastructure === true && !isSelfReported(actor),
    )
  }
  if (outcome.stored === false) return { status: 'succeeded', value: null, stored: false }
  return outcomeOfValue(outcome.value, undefined)
}
