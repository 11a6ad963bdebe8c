import { type CelValue, isCelList, isCelMap, isCelUint } from '@bufbuild/cel'
import { isMessage } from '@bufbuild/protobuf'
import { isReflectMessage } from '@bufbuild/protobuf/reflect'
import { TimestampSchema, timestampDate } from '@bufbuild/protobuf/wkt'
import type { JsonValue } from '@preceptor/client'
import { CHARACTERS_PER_STEP, type Meter } from '../policy/condition-values.ts'

const DEEPEST = 64

/**
 * What an expression gave, as JSON: a timestamp as ISO text. A value that stands in several places is paid for in each.
 *
 * @throws Error for what JSON does not have.
 */
export function toJson(value: CelValue, meter: Meter, depth: number = 0): JsonValue {
  meter.spend(1)
  if (depth > DEEPEST) throw new Error('the result is nested too deep')
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return paidText(value, meter)
  if (typeof value === 'number' || typeof value === 'bigint') return numberOf(value)
  if (isCelUint(value)) return numberOf(value.value)
  if (isCelList(value)) return Array.from(value, (item) => toJson(item, meter, depth + 1))
  if (isCelMap(value)) return Object.fromEntries(entriesOf(value, meter, depth + 1))
  if (isReflectMessage(value) && isMessage(value.message, TimestampSchema)) {
    return timestampDate(value.message).toISOString()
  }
  throw new Error('the result is of a type that has no JSON')
}

/** Entries become own properties, whatever their name is. */
function* entriesOf(
  map: Extract<CelValue, { entries(): unknown }>,
  meter: Meter,
  depth: number,
): Generator<[string, JsonValue]> {
  for (const [key, value] of map.entries()) {
    if (typeof key !== 'string') throw new Error('a key is no text')
    yield [paidText(key, meter), toJson(value, meter, depth)]
  }
}

function numberOf(value: number | bigint): number {
  const number = Number(value)
  if (typeof value === 'bigint' ? Number.isSafeInteger(number) : Number.isFinite(number))
    return number === 0 ? 0 : number
  throw new Error('the result is a number that has no JSON')
}

function paidText(text: string, meter: Meter): string {
  meter.spend(Math.floor(text.length / CHARACTERS_PER_STEP))
  return text
}
