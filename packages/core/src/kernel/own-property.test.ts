import { describe, expect, it } from 'vitest'
import { own } from './own-property.ts'

describe('own property', () => {
  it('finds what was put there, and nothing that is inherited [ACT-3]', () => {
    expect(own({ a: 1 }, 'a')).toBe(1)
    for (const key of ['b', 'constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(own<unknown>({ a: 1 }, key)).toBeUndefined()
    }
    expect(own<unknown>(JSON.parse('{"__proto__":2}'), '__proto__')).toBe(2)
  })
})
