import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { argChanges, readablePointer, withChanges } from './arg-changes.ts'
import { duration } from './format.ts'
import { argProblems } from './problem.ts'

describe('changes of args', () => {
  it('name each leaf that came, went or is another, and nothing else', () => {
    const before = { a: 1, b: { c: 'x', d: [1, 2] }, 'e/f': null, g: [1] }
    const after = { a: 1, b: { c: 'y', d: [1, 2, 3] }, 'e/f': false, h: '1', g: { 0: 1 } }
    expect(argChanges(before, after)).toEqual([
      { pointer: '/b/c', kind: 'changed', before: 'x', after: 'y' },
      { pointer: '/b/d/2', kind: 'added', after: 3 },
      { pointer: '/e~1f', kind: 'changed', before: null, after: false },
      { pointer: '/g', kind: 'changed', before: [1], after: { 0: 1 } },
      { pointer: '/h', kind: 'added', after: '1' },
    ])
    expect(readablePointer('/b/d/2')).toBe('b › d › 2')
    expect(readablePointer('/e~1f')).toBe('e/f')
  })

  it('make of the args what they are the changes to', () => {
    const value = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)),
      object: fc.dictionary(fc.constantFrom('a', 'b/c', 'd~e', 'f'), tie('any') as never, { maxKeys: 3 }),
      any: fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('object')),
    })).object
    fc.assert(
      fc.property(value, value, (before, after) => {
        expect(withChanges(before as never, argChanges(before as never, after as never))).toEqual(after)
      }),
    )
  })

  it('leave alone what they do not fit', () => {
    expect(withChanges({ a: 1 }, [{ pointer: '/a/b', kind: 'added', after: 2 }])).toEqual({ a: 1 })
    expect(withChanges({ a: [1, 2] }, [{ pointer: '/a/1', kind: 'changed', before: 2, after: 3 }])).toEqual({
      a: [1, 3],
    })
    expect(withChanges({ a: [1] }, [{ pointer: '/a/x', kind: 'added', after: 3 }])).toEqual({ a: [1] })
  })
})

describe('problems of args', () => {
  it('are found in what the server says, by field', () => {
    const message = 'The arguments of "refund.create" are not valid: args.cents: Too small; args/to/name: Not a string.'
    expect([...argProblems(message)]).toEqual([
      ['/cents', 'Too small'],
      ['/to/name', 'Not a string'],
    ])
    const several = 'args: It does not fit; args/cents: 9 is greater than 5.; args/cents: False boolean schema.'
    expect([...argProblems(several)]).toEqual([['/cents', '9 is greater than 5']])
    expect([...argProblems('args: Too few.')]).toEqual([['', 'Too few']])
  })
})

describe('lengths of time', () => {
  it.each([
    [-5, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_660_000, '1 h 1 min'],
    [7_200_000, '2 h'],
    [90_000_000, '1 d 1 h'],
  ])('%d ms are %s', (ms, text) => {
    expect(duration(ms)).toBe(text)
  })
})
