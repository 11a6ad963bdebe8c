import type { JsonObject } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskArgs } from '../journal/mask-sensitive.ts'
import { sensitivePathsOf } from '../journal/redact-schema.ts'
import { keepMasked, maskedPointers, visibleChanges } from './hidden-args.ts'

const MASK = '[redacted]'

const sensitive = sensitivePathsOf({
  properties: {
    login: { properties: { name: {}, password: { type: 'string', writeOnly: true } } },
    pin: { format: 'password' },
    card: { 'x-sensitive': true },
    users: { type: 'array', items: { properties: { name: {}, key: { sensitive: true } } } },
    note: {},
  },
})

const stored = {
  sensitive,
  args: {
    login: { name: 'ana', password: 'hunter2' },
    pin: 1234,
    card: { number: '4111', holder: 'Ana' },
    users: [
      { name: 'a', key: 'key-a' },
      { name: 'b', key: 'key-b' },
    ],
    note: MASK,
  },
}
const shown = maskArgs(stored.args, sensitive)

describe('hidden args', () => {
  it('are masked by every mark that schemas have for it, and nothing beside them is [CARD-2]', () => {
    expect(shown).toEqual({
      login: { name: 'ana', password: MASK },
      pin: MASK,
      card: MASK,
      users: [
        { name: 'a', key: MASK },
        { name: 'b', key: MASK },
      ],
      note: MASK,
    })
    expect(maskedPointers(stored)).toEqual(['/login/password', '/pin', '/card', '/users/0/key', '/users/1/key'])
    const plain = { text: 'password=x 4111 1111 1111 1111' }
    expect(maskArgs(plain, sensitive)).toEqual(plain)
  })

  it.each([
    ['by an anchor', { $ref: '#secret' }],
    ['by another document', { $ref: 'https://example.test/secret.json' }],
    ['by a dynamic reference', { $dynamicRef: '#secret' }],
  ])('are hidden where a reference cannot be followed: %s [CARD-2]', (_, reference) => {
    const schema = { properties: { a: reference }, $defs: { s: { $anchor: 'secret', writeOnly: true } } }
    expect(maskArgs({ a: 'x', b: 1 }, sensitivePathsOf(schema))).toEqual({ a: MASK, b: 1 })
  })

  it.each([
    ['dependentSchemas', { dependentSchemas: { b: { properties: { a: { writeOnly: true } } } } }],
    ['$dynamicRef to a place', { $dynamicRef: '#/$defs/d', $defs: { d: { properties: { a: { writeOnly: true } } } } }],
  ])('are found under %s [CARD-2]', (_, schema: JsonObject) => {
    expect(maskArgs({ a: 'x', b: 1 }, sensitivePathsOf(schema))).toEqual({ a: MASK, b: 1 })
  })

  it('stay an object where all of them are hidden [CARD-2]', () => {
    const everything = sensitivePathsOf({ writeOnly: true })
    expect(maskArgs(stored.args, everything)).toEqual({ login: MASK, pin: MASK, card: MASK, users: MASK, note: MASK })
    expect(keepMasked(maskArgs(stored.args, everything), { ...stored, sensitive: everything })).toEqual(stored.args)
  })

  it('keep their values where they are sent back as they were shown [CARD-3]', () => {
    expect(keepMasked(shown, stored)).toEqual(stored.args)
    const edited = { ...shown, login: { name: 'ben', password: MASK }, pin: 5678 }
    expect(keepMasked(edited, stored)).toEqual({
      ...stored.args,
      login: { name: 'ben', password: 'hunter2' },
      pin: 5678,
    })
  })

  it.each([
    ['an item was taken out of a list', { users: [{ name: 'b', key: MASK }] }],
    [
      'a list was turned',
      {
        users: [
          { name: 'b', key: MASK },
          { name: 'a', key: MASK },
        ],
      },
    ],
    [
      'a part of a list was changed',
      {
        users: [
          { name: 'c', key: MASK },
          { name: 'b', key: MASK },
        ],
      },
    ],
    ['it was moved to another place', { hint: MASK }],
    ['it was moved below another value', { login: { password: { was: MASK } } }],
    ['it stands where nothing was', { login: { name: 'x', password: 'y', pin: MASK } }],
    ['it stands in the place of what is shown', { login: { name: MASK } }],
    ['its place is gone', { card: { number: MASK } }],
  ])('are never the mask itself: %s [CARD-3]', (_, sent: JsonObject) => {
    expect(() => keepMasked(sent, stored)).toThrow(expect.objectContaining({ code: 'ARGS_INVALID' }))
  })

  it('come through any edit of the others exactly, and no mask does [CARD-3]', () => {
    const value = fc.oneof(fc.string(), fc.constantFrom(MASK), fc.integer(), fc.constant(null))
    const edit = fc.record({ login: fc.record({ name: value, password: value }), pin: value, note: value })
    fc.assert(
      fc.property(edit, (sent) => {
        const asked = { ...shown, ...sent }
        const isMasked = sent.login.name === MASK
        if (isMasked) return void expect(() => keepMasked(asked, stored)).toThrow()
        const kept = keepMasked(asked, stored)
        const expected = (given: unknown, was: unknown): unknown => (given === MASK ? was : given)
        expect(kept).toEqual({
          ...stored.args,
          login: { name: sent.login.name, password: expected(sent.login.password, 'hunter2') },
          pin: expected(sent.pin, 1234),
          note: sent.note,
        })
      }),
      { numRuns: 200 },
    )
  })

  it('are told to differ, and no more [CARD-2]', () => {
    const after = {
      sensitive: [],
      args: { ...stored.args, pin: 9, card: { number: '4242', holder: 'Eve', cvc: '1' }, note: 'x' },
    }
    const changes = visibleChanges(stored, after)
    expect(changes).toEqual([
      { pointer: '/pin', kind: 'changed', before: MASK, after: MASK },
      { pointer: '/card', kind: 'changed', before: MASK, after: MASK },
      { pointer: '/note', kind: 'changed', before: MASK, after: 'x' },
    ])
    const first = { sensitive: [], args: {} }
    expect(JSON.stringify(visibleChanges(first, stored))).not.toMatch(/hunter2|1234|4111|key-a/)
  })
})
