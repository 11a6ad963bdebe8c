import type { JsonValue } from '@preceptor/client'
import { lastingFault } from '../faults/step-fault.ts'
import { storableJson } from '../faults/storable-json.ts'

/** What the outcome of an attempt is kept up to. */
const MOST_BYTES = 65_536

/**
 * What an executor gave, as JSON that is kept whole: a larger value would be lost where the attempt is answered again.
 *
 * @throws StepFault naming `who` gave it.
 */
export function boundedOutput(who: string, value: unknown): JsonValue {
  const text = jsonOf(value)
  if (text === undefined) throw lastingFault(`${who} gave what is no JSON.`)
  const output = storableJson(JSON.parse(text), (one) => one)
  if (output === undefined) throw lastingFault(`${who} gave a value that is nested deeper than can be kept.`)
  const bytes = Buffer.byteLength(JSON.stringify(output))
  if (bytes <= MOST_BYTES) return output
  throw lastingFault(
    `${who} gave ${bytes} bytes of JSON, and ${MOST_BYTES} are kept: let it give less, or where to find it.`,
  )
}

/** Undefined for cycles, numbers without bounds, and what else JSON does not have. */
function jsonOf(value: unknown): string | undefined {
  try {
    return value === undefined ? 'null' : JSON.stringify(value)
  } catch {
    return undefined
  }
}
