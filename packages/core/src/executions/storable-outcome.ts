import type { JsonValue, StoredOutcome } from '@preceptor/client'
import { canonicalJson } from '../kernel/canonical-json.ts'

const LARGEST_VALUE = 65_536
const LONGEST_MESSAGE = 2_000

/** The outcome of a run that gave a value: kept whole where JSON can carry it and it is not too large. */
export function outcomeOfValue(value: unknown, encode: ((value: unknown) => JsonValue) | undefined): StoredOutcome {
  try {
    const text = encode === undefined ? jsonText(value) : canonicalJson(encode(value))
    if (text === undefined || text.length > LARGEST_VALUE) return { status: 'succeeded', value: null, stored: false }
    return { status: 'succeeded', value: JSON.parse(text), stored: true }
  } catch {
    // The action ran: that its value cannot be kept must not make it a failure.
    return { status: 'succeeded', value: null, stored: false }
  }
}

function jsonText(value: unknown): string | undefined {
  return value === undefined ? 'null' : JSON.stringify(value)
}

/** The outcome of a run that threw. */
export function outcomeOfError(error: unknown): StoredOutcome {
  const message = error instanceof Error ? error.message : String(error)
  return { status: 'failed', message: message.slice(0, LONGEST_MESSAGE) }
}

/** A reported outcome, cut to what is stored. */
export function storableOutcome(outcome: StoredOutcome): StoredOutcome {
  if (outcome.status === 'failed')
    return { status: 'failed', message: String(outcome.message).slice(0, LONGEST_MESSAGE) }
  if (outcome.stored === false) return { status: 'succeeded', value: null, stored: false }
  return outcomeOfValue(outcome.value, undefined)
}
