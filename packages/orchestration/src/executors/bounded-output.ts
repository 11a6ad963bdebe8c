import type { JsonValue } from '@preceptor/client'
import { StepFault } from '../faults/step-fault.ts'
import { storableJson } from '../faults/storable-json.ts'

/** Characters of JSON that the outcome of an attempt is kept up to. */
const LONGEST = 65_536

/**
 * What an executor gave, as JSON that is kept whole: a larger value would be lost where the attempt is answered again.
 *
 * @throws StepFault naming `who` gave it.
 */
export function boundedOutput(who: string, value: unknown): JsonValue {
  const text = jsonOf(value)
  if (text === undefined) throw new StepFault(`${who} gave what is no JSON.`)
  const output = storableJson(JSON.parse(text), (one) => one)
  if (output === undefined) throw new StepFault(`${who} gave a value that is nested deeper than can be kept.`)
  const { length } = JSON.stringify(output)
  if (length <= LONGEST) return output
  throw new StepFault(
    `${who} gave ${length} characters of JSON, and ${LONGEST} are kept: let it give less, or the place where the rest is.`,
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
