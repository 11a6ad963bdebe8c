import type { JsonObject, JsonValue } from '@preceptor/client'

/** How much one evaluation may still read, in steps. */
export interface Meter {
  refill(): void
  /** @throws Error when nothing is left. */
  spend(steps: number): void
  isEmpty(): boolean
}

/** What CEL is given for a JSON value. */
export type ConditionValue = null | boolean | number | string | readonly ConditionValue[] | Map<string, ConditionValue>

const STEPS = 20_000
/** Characters that are read for one step. */
export const CHARACTERS_PER_STEP = 64

/** Makes a full meter: conditions run inside the gate, so one of them may read about as much as takes some milliseconds. */
export function createMeter(most: number = STEPS): Meter {
  let left = most
  return {
    refill() {
      left = most
    },
    spend(steps) {
      left -= steps
      if (left < 0) throw new Error('it reads more than it may')
    },
    isEmpty: () => left < 0,
  }
}

/**
 * An object as a map that converts a value when it is read, counts each reading, and knows own properties only. A
 * subclass of `Map`, because that is what the library takes.
 */
export function meteredMap(object: JsonObject, meter: Meter): Map<string, ConditionValue> {
  return new MeteredMap(object, meter)
}

class MeteredMap extends Map<string, ConditionValue> {
  readonly #object: JsonObject
  readonly #meter: Meter

  constructor(object: JsonObject, meter: Meter) {
    super()
    this.#object = object
    this.#meter = meter
  }

  override get size(): number {
    return this.#names().length
  }

  override get(key: string): ConditionValue | undefined {
    this.#meter.spend(1)
    if (typeof key !== 'string' || !Object.hasOwn(this.#object, key)) return undefined
    return toConditionValue(this.#object[key] ?? null, this.#meter)
  }

  override has(key: string): boolean {
    return this.get(key) !== undefined
  }

  override keys(): MapIterator<string> {
    return this.#names().values()
  }

  override *entries(): MapIterator<[string, ConditionValue]> {
    for (const key of this.#names()) yield [key, toConditionValue(this.#object[key] ?? null, this.#meter)]
  }

  override *values(): MapIterator<ConditionValue> {
    for (const [, value] of this.entries()) yield value
  }

  override forEach(callback: (value: ConditionValue, key: string, map: Map<string, ConditionValue>) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this)
  }

  override [Symbol.iterator](): MapIterator<[string, ConditionValue]> {
    return this.entries()
  }

  #names(): string[] {
    const names = Object.keys(this.#object)
    this.#meter.spend(1 + names.length)
    return names
  }
}

/** A JSON value as what CEL is given for it, counting what it takes to make it. */
export function toConditionValue(value: JsonValue, meter: Meter): ConditionValue {
  if (typeof value === 'string') meter.spend(Math.floor(value.length / CHARACTERS_PER_STEP))
  if (typeof value !== 'object' || value === null) return value
  if (!isList(value)) return meteredMap(value, meter)
  meter.spend(value.length)
  return value.map((item) => toConditionValue(item, meter))
}

function isList(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value)
}
