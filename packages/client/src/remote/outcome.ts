import type { StoredOutcome } from '../port/guard.ts'
import { isInfrastructureFailure } from '../port/is-infrastructure-failure.ts'
import type { JsonValue } from '../port/json.ts'

const LARGEST_VALUE = 65_536
const LONGEST_MESSAGE = 2_000

/** What is kept of a run whose value JSON cannot carry, or is too large. */
export const WITHOUT_VALUE: StoredOutcome = { status: 'succeeded', value: null, stored: false }

/** The outcome of a run that gave a value: kept whole where JSON can carry it and it is not too large. */
export function outcomeOfValue(value: unknown, encode: ((value: unknown) => JsonValue) | undefined): StoredOutcome {
  try {
    const text = JSON.stringify((encode === undefined ? value : encode(value)) ?? null)
    if (text === undefined || text.length > LARGEST_VALUE) return WITHOUT_VALUE
    return { status: 'succeeded', value: JSON.parse(text), stored: true }
  } catch {
    // The action ran: that its value cannot be kept must not make it a failure.
    return WITHOUT_VALUE
  }
}

/** The outcome of a run that threw; `signal` is the one that it was given. */
export function outcomeOfError(error: unknown, signal: AbortSignal): StoredOutcome {
  const message = error instanceof Error ? error.message : String(error)
  const infrastructure = isInfrastructureFailure(error, signal)
  return { status: 'failed', message: message.slice(0, LONGEST_MESSAGE), ...(infrastructure && { infrastructure }) }
}
