import { GovernanceError } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ConditionVariables, compileCondition, evaluateCondition } from './condition.ts'

const VARIABLES: ConditionVariables = {
  args: {
    cents: 500,
    currency: 'EUR',
    note: 'abc',
    digits: '042',
    approved: true,
    nothing: null,
    lines: [{ cents: 1 }, { cents: 2 }],
    customer: { country: 'DE', 'e-mail': 'a@b.c' },
  },
  agent: 'refund-bot',
  action: 'refund.create',
  resource: 'order-7',
  source: 'ai_coordinator',
  type: '',
  now: '2026-01-05T23:30:15.250Z',
}

function outcomeOf(source: string, variables: Partial<ConditionVariables> = {}): boolean | string {
  try {
    return evaluateCondition(compileCondition(source), { ...VARIABLES, ...variables })
  } catch (error) {
    return GovernanceError.isInstance(error) ? error.code : String(error)
  }
}

function problemOf(source: string): string {
  try {
    compileCondition(source)
  } catch (error) {
    return GovernanceError.isInstance(error) ? `${error.code}: ${error.message}` : String(error)
  }
  return 'none'
}

describe('conditions', () => {
  it.each([
    ['args.cents < 1000', true],
    ['args.cents > 1000', false],
    ['args.cents == 500 && args.currency == "EUR"', true],
    ['args["customer"]["e-mail"].endsWith("@b.c")', true],
    ['args.customer.country in ["DE", "AT"]', true],
    ['args.cents <= {"EUR": 600.0, "USD": 5.0}[args.currency]', true],
    ['args.cents + 1.5 == 501.5 && int(args.cents) % 7 == 3', true],
    ['args.lines.all(line, line.cents < 3) && args.lines.exists(line, line.cents == 2)', true],
    ['args.lines.exists_one(line, line.cents == 1) && size(args.lines) == 2 && args.lines.size() == 2', true],
    ['args.lines[1].cents == 2 && args.lines[args.lines[0].cents].cents == 2', true],
    ['args.note.startsWith("a") && args.note.contains("b") && args.note.matches("^[a-c]+$")', true],
    ['has(args.customer.country) && !has(args.customer.city)', true],
    ['"cents" in args && !("dollars" in args)', true],
    ['args.approved ? args.cents < 501 : false', true],
    ['int(args.digits) == 42 && double(args.digits) == 42.0', true],
    ['agent == "refund-bot" && action.startsWith("refund.") && resource == "order-7"', true],
    ['source != "manual" && type == ""', true],
    ['args.nothing == null && !has(args.nothing) && !("nothing" in args)', true],
    ['now < timestamp("2026-01-06T00:00:00Z") && now - timestamp("2026-01-05T00:00:00Z") > duration("23h")', true],
    ['now.getFullYear() == 2026 && now.getMonth() == 0 && now.getDate() == 5 && now.getDayOfMonth() == 4', true],
    ['now.getDayOfWeek() == 1 && now.getHours() == 23 && now.getMinutes() == 30 && now.getSeconds() == 15', true],
    ['args == args && args.lines == args.lines && args.customer != args.lines[0]', true],
  ])('evaluates %s [POL-4]', (source, expected) => {
    expect(outcomeOf(source)).toBe(expected)
  })

  it.each([
    'args.missing < 5',
    '!(args.missing > 5)',
    'args.customer.city == "Berlin"',
    'args.cents.value == 1',
    'args.lines[2].cents == 1',
    'args.lines.all(line, line.missing)',
    '{"USD": 5.0}[args.currency] > 1.0',
    'args.note < 5',
    'args.cents + 1 > 0',
    'args.cents && true',
    'args.cents',
    'args',
    '1',
    '"true"',
    'null',
    '[true]',
    'int(args.note) > 0',
    '!(double(args.note) > 1.0)',
    'int("") == 0',
    'args.note.matches("a") ? 1 : 2',
    'timestamp(args.note) < now',
    'duration(args.note) > duration("1s")',
    'args.cents.matches("5")',
    '1 / 0 == 1',
  ])('denies when %s cannot be evaluated to true or false [I-39, POL-4]', (source) => {
    expect(outcomeOf(source)).toBe('CONDITION_FAILED')
  })

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'length'])(
    'sees no %s on any value [I-39, ACT-3]',
    (name) => {
      for (const value of [
        'args',
        'args.customer',
        'args.lines',
        'args.note',
        'args.cents',
        'args.nothing',
        'agent',
        'now',
      ]) {
        expect(outcomeOf(`${value}.${name} == 1`), value).toBe('CONDITION_FAILED')
        expect(outcomeOf(`!(${value}["${name}"] == 1)`), value).toBe('CONDITION_FAILED')
        expect(outcomeOf(`${value}.${name}.${name} == null`), value).toBe('CONDITION_FAILED')
      }
      expect(outcomeOf(`has(args.${name})`)).toBe(false)
      expect(outcomeOf(`args.exists(key, key == "${name}")`)).toBe(false)
      expect(problemOf(`${name} == 1`)).toContain('CONDITION_INVALID')
    },
  )

  it('reads a key of such a name only where the args have it', () => {
    const args = JSON.parse('{"__proto__":{"admin":true},"constructor":7}')
    expect(outcomeOf('args.constructor == 7 && args.__proto__.admin', { args })).toBe(true)
    expect(outcomeOf('args.admin', { args })).toBe('CONDITION_FAILED')
  })

  it('finds nothing that was put on the prototype of all objects', () => {
    const planted = ['admin', 'args.admin', 'agent.admin']
    for (const name of planted) Reflect.set(Object.prototype, name, true)
    try {
      for (const source of [
        'args.admin',
        'agent.admin',
        'admin',
        'has(args.admin)',
        '"admin" in args',
        'args.customer.admin',
      ]) {
        expect(outcomeOf(source), source).not.toBe(true)
      }
    } finally {
      for (const name of planted) Reflect.deleteProperty(Object.prototype, name)
    }
  })

  it('takes the side of `or` and `and` that decides, as CEL says', () => {
    expect(outcomeOf('args.missing < 5 || agent == "refund-bot"')).toBe(true)
    expect(outcomeOf('args.missing < 5 && agent == "other"')).toBe(false)
    expect(outcomeOf('args.missing < 5 || agent == "other"')).toBe('CONDITION_FAILED')
    expect(outcomeOf('args.missing < 5 && agent == "refund-bot"')).toBe('CONDITION_FAILED')
  })

  it.each([
    ['', 'found end of input'],
    ['args.', ':1:5: found .'],
    ['args.cents <', ':1:12: found <'],
    ['args; args', 'found ;'],
    ['cents < 5', 'it names "cents"; it can name args, agent, action, resource, source, type, now'],
    ['process.exit(1)', 'it uses "exit" as a method of 1 arguments'],
    ['type(args) == map', 'it uses "type" as a function of 1 arguments'],
    ['dyn(args)', 'it uses "dyn" as a function'],
    ['bytes("a") == b"a"', 'it uses "bytes" as a function'],
    ['matches(args.note, "a")', 'it uses "matches" as a function of 2 arguments'],
    ['args.note.size(1) == 1', 'it uses "size" as a method of 1 arguments'],
    ['now.getHours("Europe/Berlin") < 18', 'it uses "getHours" as a method of 1 arguments'],
    ['args.note.matches(args.note)', 'the pattern of matches() is no literal'],
    ['args.note.matches("(?=a)b")', '"(?=a)b" is no RE2 pattern'],
    ['args.note.matches("(a)\\\\1")', 'is no RE2 pattern'],
    ['args.note.matches("(a{1,1000}){1,1000}")', 'is no RE2 pattern'],
    [`args.note.matches("${'a'.repeat(129)}")`, 'a pattern has more than 128 characters'],
    ['args.lines.all(line, args.lines.all(other, true))', 'one comprehension is inside another'],
    ['args.lines.exists(line, [line].exists_one(other, true))', 'one comprehension is inside another'],
    ['args.lines.map(line, line.cents) == [1.0, 2.0]', 'map() and filter() are not supported'],
    ['args.lines.filter(line, line.cents > 1).size() == 1', 'map() and filter() are not supported'],
    ['args.lines.all(agent, agent.cents > 0)', 'it uses the name "agent" for an item'],
    ['args.lines.all(line, true) && line.cents > 0', 'it names "line"'],
    ['google.protobuf.BoolValue{value: true}', 'it makes a "google.protobuf.BoolValue"'],
    [`agent in [${Array(65).fill('"a"').join(',')}]`, 'it has more than 64 literals'],
    [`${'['.repeat(65)}${']'.repeat(65)} == []`, 'it opens more than 64 brackets'],
    [`args${'.a'.repeat(64)} == 1`, 'it is nested deeper than 64 levels'],
    ['args.note.matches("([a-z]{1,20}){1,20}")', 'repeats too much'],
    [`true || ${'a'.repeat(505)}`, 'it has 513 characters; at most 512 are supported'],
  ])('refuses %s [I-39]', (source, problem) => {
    expect(problemOf(source)).toContain('CONDITION_INVALID: The condition is not valid: ')
    expect(problemOf(source)).toContain(problem)
  })

  it('takes 512 characters and 64 literals [I-39]', () => {
    const [before, after] = ['agent == "', '"']
    const source = `${before}${'a'.repeat(512 - before.length - after.length)}${after}`
    expect(source.length).toBe(512)
    expect(outcomeOf(source)).toBe(false)
    expect(outcomeOf(`agent in [${Array(64).fill('"a"').join(',')}]`)).toBe(false)
  })

  it('answers the same each time, whatever it was asked before', () => {
    const condition = compileCondition('args.lines.all(line, line.cents < 3) && args.note.matches("^a")')
    const huge = { ...VARIABLES, args: { lines: Array(50_000).fill({ cents: 1 }), note: 'a' } }
    for (let round = 0; round < 3; round += 1) {
      expect(evaluateCondition(condition, VARIABLES)).toBe(true)
      expect(() => evaluateCondition(condition, huge)).toThrow(expect.objectContaining({ code: 'CONDITION_FAILED' }))
    }
  })

  it('does not take more work than it may for an error that the other side makes up for', () => {
    const args = { items: Array(50_000).fill(1) }
    expect(outcomeOf('args.items.all(item, item == 1) || agent == "refund-bot"', { args })).toBe('CONDITION_FAILED')
    const match = 'args.text.matches("(a|b){1,30}c$")'
    const text = { args: { text: 'ab'.repeat(512) } }
    expect(outcomeOf(`${match} || agent == "refund-bot"`, text)).toBe(true)
    expect(outcomeOf(`${match} || ${match} || ${match} || agent == "refund-bot"`, text)).toBe('CONDITION_FAILED')
  })

  it('gives true, false, CONDITION_INVALID or CONDITION_FAILED for any text and any args [I-39]', () => {
    const part = fc.constantFrom(
      'args',
      '.',
      'cents',
      '(',
      ')',
      '[',
      ']',
      '"',
      '\\',
      '!',
      '&&',
      '||',
      '==',
      '<',
      '+',
      '-',
      '?',
      ':',
      '{',
      '}',
      ',',
      ' ',
      '1',
      '1.5',
      'true',
      'null',
      'in',
      'has',
      'all',
      'x',
      'size',
      'matches',
      'now',
      'agent',
      '__proto__',
      'constructor',
      '\n',
      '//',
    )
    const source = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.array(part, { maxLength: 20 }).map((parts) => parts.join('')),
    )
    const args = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
    fc.assert(
      fc.property(source, args, (text, values) => {
        const outcome = outcomeOf(text, { args: values as ConditionVariables['args'] })
        expect([true, false, 'CONDITION_INVALID', 'CONDITION_FAILED']).toContain(outcome)
      }),
      { numRuns: 1_500 },
    )
  })

  it('names no args in its messages', () => {
    try {
      evaluateCondition(compileCondition('int(args.note) > 5'), { ...VARIABLES, args: { note: 'hunter2' } })
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toContain('hunter2')
      expect(String(Reflect.get(Object(error), 'cause'))).not.toContain('hunter2')
    }
  })

  it('denies at a time that is none', () => {
    expect(outcomeOf('now.getHours() < 24', { now: 'yesterday' })).toBe('CONDITION_FAILED')
  })
})
