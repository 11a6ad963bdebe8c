import type { JsonObject, JsonValue } from '@preceptor/client'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyPolicy } from './any-policy.test.helper.ts'
import { policyJsonSchema } from './policy-json-schema.ts'
import { readPolicyDocument } from './policy-problems.ts'

const takes = new Ajv2020({ strict: true, strictRequired: false, allErrors: false }).compile(policyJsonSchema())

/** Whether the gate takes a document, but for what no schema can say. */
function isTaken(document: unknown): boolean {
  const { problems } = readPolicyDocument(document)
  return problems.every(({ path, message }) =>
    path.at(-1) === 'when' ? /condition is not valid/.test(message) : /^two limits/.test(message),
  )
}

/** Places in a document, each by its path. */
function placesIn(
  value: JsonValue,
  path: readonly (string | number)[] = [],
): readonly (readonly (string | number)[])[] {
  const inner = Array.isArray(value)
    ? value.flatMap((item: JsonValue, index) => placesIn(item, [...path, index]))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, item]) => placesIn(item, [...path, key]))
      : []
  return [path, ...inner]
}

function changed(value: JsonValue, path: readonly (string | number)[], put: JsonValue): JsonValue {
  const [first, ...rest] = path
  if (first === undefined) return put
  if (Array.isArray(value)) return value.map((item, index) => (index === first ? changed(item, rest, put) : item))
  const entries = Object.entries(value as JsonObject)
  return Object.fromEntries(entries.map(([key, item]) => [key, key === first ? changed(item, rest, put) : item]))
}

const odd = fc.oneof(
  fc.constantFrom<JsonValue[]>(
    null,
    '',
    'no',
    'target',
    'strict',
    true,
    -1,
    0,
    0.05,
    1.5,
    11,
    999,
    2 ** 53,
    1e21,
    [],
    {},
    [''],
    'x'.repeat(128),
    'x'.repeat(129),
    '𝕏'.repeat(128),
    '𝕏'.repeat(129),
    'a\u0000b',
    'a\nb',
    '\ud800',
    'x'.repeat(513),
    { surprise: 1 },
    { __proto__: null },
    JSON.parse('{"__proto__":{}}'),
    { '': {} },
    { ['y'.repeat(129)]: {} },
    { risk: 'safe' },
    { name: 'a', per: 'day', most: 1, target: 'iban' },
    { per: 'day' },
    Array.from({ length: 201 }, () => 'a'),
  ),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
)

describe('the JSON Schema of a policy', () => {
  it('takes what the gate takes [POL-20]', () => {
    fc.assert(
      fc.property(anyPolicy, (document) => {
        expect(readPolicyDocument(document).problems).toEqual([])
        expect(takes(document), JSON.stringify(takes.errors)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('refuses what the gate refuses, wherever one thing in a document is another [POL-20]', () => {
    let refused = 0
    fc.assert(
      fc.property(anyPolicy, odd, fc.nat(), (document, put, at) => {
        const places = placesIn(document)
        const broken = changed(document, places[at % places.length] ?? [], put)
        expect([broken, takes(broken)]).toEqual([broken, isTaken(broken)])
        if (!isTaken(broken)) refused += 1
      }),
      { numRuns: 3_000 },
    )
    expect(refused).toBeGreaterThan(500)
  })

  it('refuses what the gate refuses of fields that are added or missing [POL-20]', () => {
    fc.assert(
      fc.property(anyPolicy, fc.string(), odd, fc.nat(), (document, key, put, at) => {
        const places = placesIn(document)
        const path = places[at % places.length] ?? []
        const whole = path.reduce<JsonValue>((value, part) => Object(value)[part], document)
        if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) return
        const entries = Object.entries(whole)
        for (const next of [
          [...entries, [key, put] as const],
          entries.filter((_, index) => index !== at % entries.length),
        ]) {
          const broken = changed(document, path, Object.fromEntries(next))
          expect([broken, takes(broken)]).toEqual([broken, isTaken(broken)])
        }
      }),
      { numRuns: 1_500 },
    )
  })

  it('explains every field to whoever edits it [POL-20]', () => {
    const bare: string[] = []
    const look = (schema: JsonObject, place: string): void => {
      for (const [name, field] of Object.entries((schema.properties ?? {}) as Record<string, JsonObject>)) {
        if (!field.description && name !== 'per') bare.push(`${place}.${name}`)
        look(field, `${place}.${name}`)
        look((field.items ?? field.additionalProperties ?? {}) as JsonObject, `${place}.${name}`)
      }
    }
    look(policyJsonSchema(), '')
    expect(bare).toEqual([])
  })

  it('leaves to the gate what no schema can say: names that are unique, conditions that compile [POL-20]', () => {
    const twice = { limits: ['day', 'hour'].map((per) => ({ name: 'a', per, most: 1 })) }
    const bad = { actions: { 'refund.create': { when: 'args.' } } }
    expect([takes(twice), takes(bad)]).toEqual([true, true])
    expect(readPolicyDocument(twice).problems).toEqual([
      { path: ['limits', 1, 'name'], message: 'two limits are named "a"' },
    ])
    expect(readPolicyDocument(bad).problems).toMatchObject([{ path: ['actions', 'refund.create', 'when'] }])
  })
})
