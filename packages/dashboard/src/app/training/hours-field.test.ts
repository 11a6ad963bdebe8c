import { describe, expect, it } from 'vitest'
import { readPositive, readShare } from './hours-field.ts'

describe('fields for numbers', () => {
  it('take a point or a comma within the range', () => {
    expect(readPositive('2,5', 400)).toEqual({ kind: 'number', value: 2.5 })
    for (const text of ['0', '401', '-1', '1e2', 'x']) expect(readPositive(text, 400).kind).toBe('problem')
    expect(readPositive(' ', 400).kind).toBe('empty')
    expect(readShare('0.55')).toEqual({ kind: 'number', value: 0.55 })
    for (const text of ['1.1', '2', '-0.1', 'y']) expect(readShare(text).kind).toBe('problem')
  })
})
