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

  it('names the fields for programs too', () => {
    expect(() => parseInput(schema, { name: 1, nested: {} }, 'thing')).toThrow(
      expect.objectContaining({ details: { fields: ['name', 'nested.secret'] } }),
    )
    expect(() => parseInput(schema, 7, 'thing')).toThrow(expect.objectContaining({ details: { fields: [''] } }))
  })

  it('says what is wrong at each place, and which keys are not known', () => {
    expect(messageOf(7)).toMatch(/^thing: .+\.$/)
    expect(messageOf({ name: 1, nested: {} })).toMatch(/^thing\.name: .+\. thing\.nested\.secret: .+\.$/)
    expect(messageOf({ name: 'a', one: 1 })).toBe('thing: unknown key "one".')
    expect(messageOf({ name: 'a', one: 1, two: 2 })).toBe('thing: unknown keys "one", "two".')
    const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, 1]))
    expect(messageOf({ name: 'a', ...many })).toBe('thing: unknown keys "a", "b", "c", "d", "e".')
    const long = z.strictObject({ ['k'.repeat(50)]: z.string() })
    expect(() => parseInput(long, {}, 'thing')).toThrow(/^thing\.k{40}: /)
    expect(messageOf({ name: 'a', ['x'.repeat(50)]: 1 })).toBe(`thing: unknown key "${'x'.repeat(40)}".`)
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
    expect(() => parseReason('  ')).toThrow('say why')
    expect(parseReason('x'.repeat(1_000))).toHaveLength(1_000)
  })

  it('keeps no secret that it recognises [I-33]', () => {
    expect(parseReason(`rotate AKIA${'ABCDEFGHIJ234567'}`)).not.toContain('ABCDEFGHIJ234567')
  })
})
