import type { ArgChange, JsonObject, JsonValue } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { argChanges } from './arg-changes.ts'

type Editable = Record<string, unknown> | unknown[]

/** Does to a copy what the changes say, by their pointers alone. */
function applied(before: JsonObject, changes: readonly ArgChange[]): unknown {
  const root = structuredClone(before) as Record<string, unknown>
  for (const { pointer, kind, after } of changes) {
    const steps = pointer
      .slice(1)
      .split('/')
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    const last = steps.pop() ?? ''
    const parent = steps.reduce<Editable>((at, step) => Reflect.get(at, step) as Editable, root)
    if (kind !== 'removed') Object.defineProperty(parent, last, { value: after, ...OPEN })
    else if (Array.isArray(parent)) parent.splice(Number(last), 1)
    else delete parent[last]
  }
  return root
}

const OPEN = { enumerable: true, configurable: true, writable: true }

const key = fc.oneof(fc.constantFrom('a', 'b', '', '/', '~', '~1', 'a/b', '0', 'toString'), fc.string({ maxLength: 3 }))
const { tree } = fc.letrec<{ tree: JsonValue; object: JsonObject }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<JsonValue>(0, 1, '1', '', true, 'true', false, null, 'null', [], {}),
    fc.integer(),
    fc.string({ maxLength: 4 }),
    fc.array(tie('tree'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(key, tie('tree'), { maxKeys: 4 }) as fc.Arbitrary<JsonObject>,
}))
const args = fc.dictionary(key, tree, { maxKeys: 5 }) as fc.Arbitrary<JsonObject>

describe('differences of args', () => {
  it('lead from what was before to what is after, by their pointers [CARD-1]', () => {
    fc.assert(
      fc.property(args, args, (before, after) => {
        expect(applied(before, argChanges(before, after))).toEqual(applied(after, []))
      }),
      { numRuns: 500 },
    )
  })

  it('are none exactly where nothing differs, whatever the order of keys [CARD-1]', () => {
    fc.assert(
      fc.property(args, (same) => {
        const turned = Object.fromEntries(Object.entries(same).reverse())
        expect(argChanges(same, turned)).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    [1, '1'],
    [1, true],
    ['1', true],
    [0, false],
    [0, null],
    ['', null],
    [[], {}],
    [[1], { 0: 1 }],
    [null, 'null'],
    ['\u00e9', 'e\u0301'],
  ] as const)('tell %j from %j [CARD-1]', (before, after) => {
    expect(argChanges({ at: before }, { at: after })).toEqual([{ pointer: '/at', kind: 'changed', before, after }])
  })

  it('know that 1 and 1.0 are one number [CARD-1]', () => {
    expect(argChanges(JSON.parse('{"a":1,"b":[1.0]}'), JSON.parse('{"a":1.0,"b":[1]}'))).toEqual([])
  })

  it('point at the place, in a list by its number [CARD-1]', () => {
    const before = { 'a/b': { '~': [1, 2, 3] }, gone: null }
    const after = { 'a/b': { '~': [1, 5] }, '': 'new' }
    expect(argChanges(before, after)).toEqual([
      { pointer: '/a~1b/~0/2', kind: 'removed', before: 3 },
      { pointer: '/a~1b/~0/1', kind: 'changed', before: 2, after: 5 },
      { pointer: '/gone', kind: 'removed', before: null },
      { pointer: '/', kind: 'added', after: 'new' },
    ])
  })
})
