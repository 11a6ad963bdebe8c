import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseInput } from './parse-input.ts'
import { parseReason } from './parse-reason.ts'

const schema = z.strictObject({ name: z.string().max(5), nested: z.strictObject({ secret: z.int() }).optional() })

function messageOf(value: unknown): string {
  try {
    parseInput(schema, value, 'thing')
    return ''
  } catch (error) {
    expect(error).toMatchObject({ code: 'INPUT_INVALID' })
    return error instanceof Error ? error.message : ''
  }
}

describe('parse input', () => {
  it('gives what the schema makes of it', () => {
    expect(parseInput(schema, { name: 'a' }, 'thing')).toEqual({ name: 'a' })
  })

  it('names each field and never its value [HTTP-3, JRN-5]', () => {
    const message = messageOf({ name: 'hunter2-hunter2', nested: { secret: 'hunter2' } })
    expect(message).toContain('thing.name')
    expect(message).toContain('thing.nested.secret')
    expect(message).not.toContain('hunter2')
  })

  it('names unknown keys, cut short [HTTP-3]', () => {
    const message = messageOf({ name: 'a', admin: true, ['x'.repeat(200)]: 1 })
    expect(message).toContain('"admin"')
    expect(message.length).toBeLessThan(200)
  })

  it.each([[null], [undefined], ['text'], [[]], [7]])('refuses %j', (value) => {
    expect(messageOf(value)).toContain('thing')
  })

  it('says how many more there are', () => {
    const wide = z.strictObject(Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`f${index}`, z.string()])))
    expect(() => parseInput(wide, {}, 'thing')).toThrow('And 4 more.')
  })
})

describe('parse reason', () => {
  it('wants a reason that says something', () => {
    expect(parseReason('  because  ')).toBe('because')
    for (const value of ['', '   ', 'x'.repeat(1_001), 7, null, undefined]) {
      expect(() => parseReason(value)).toThrow(/^reason: /)
    }
  })
})
