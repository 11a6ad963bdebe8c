import { GovernanceError, type JsonObject, type JsonValue } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileExpression, expressionBudget } from './compile-expression.ts'

const INPUT: JsonObject = {
  total: 10,
  half: 2.5,
  lines: [
    { cents: 5, name: 'a' },
    { cents: 2.5, name: 'b' },
  ],
  text: 'hello',
  nested: { nothing: null },
}

const VARIABLES = ['input', 'steps']
// What hostile expressions may take of the processor, whatever else the machine does: it is some ten times what they take.
const BOUND_MS = 3_000

/** Milliseconds of the processor that this process took since a point. */
function takenSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1_000
}

function made(source: string, input: JsonObject = INPUT): JsonValue {
  return compileExpression(source, { variables: VARIABLES }).evaluate({ input, steps: {} })
}

function problemOf(source: string, input: JsonObject = INPUT): string {
  try {
    return `none: ${JSON.stringify(made(source, input))}`
  } catch (error) {
    return GovernanceError.isInstance(error) ? `${error.code} ${error.message}` : String(error)
  }
}

describe('expressions', () => {
  it.each<[string, JsonValue]>([
    ['input.total * 2', 20],
    ['input.total / 4', 2.5],
    ['7 / 2', 3],
    ['input.total % 3', 1],
    ['2 * input.half + 1', 6],
    ['-input.total', -10],
    ['-0.0', 0],
    ['string(input.total) + " of " + input.text', '10 of hello'],
    ['int(input.half) + 1', 3],
    ['double("2.5") + 1', 3.5],
    ['input.lines.map(line, line.cents * 2)', [10, 5]],
    ['input.lines.filter(line, line.cents > 3)', [{ cents: 5, name: 'a' }]],
    ['input.lines.map(line, line.cents > 3, line.name)', ['a']],
    [
      'input.lines.map(a, input.lines.map(b, a.name + b.name))',
      [
        ['aa', 'ab'],
        ['ba', 'bb'],
      ],
    ],
    ['input.lines.map(a, a.name) + ["c"] + []', ['a', 'b', 'c']],
    ['input.lines.all(line, line.cents > 1) && input.lines.exists(line, line.name == "b")', true],
    ['input.lines.exists_one(line, line.name == "b")', true],
    ['[[1, 2], [3]].map(list, list.exists(item, item == 3))', [false, true]],
    [
      '{"sum": input.total, "list": [1, 2.5, null, true], "map": {"a": {}}}',
      { sum: 10, list: [1, 2.5, null, true], map: { a: {} } },
    ],
    ['{"a": 1, "b": 2}.map(key, key)', ['a', 'b']],
    ['has(steps.review) ? steps.review : "none"', 'none'],
    ['has(input.text) && size(input.lines) == 2 && input.lines[1].name == "b"', true],
    ['timestamp("2026-01-05T10:00:00Z") + duration("1h")', '2026-01-05T11:00:00.000Z'],
    ['input.nested.nothing', null],
    ['input', INPUT],
    ['input.lines == input.lines && input.lines[0] in input.lines', true],
    ['9007199254740991', 9_007_199_254_740_991],
    ['1u', 1],
  ])('makes a value of %s', (source, expected) => {
    expect(made(source)).toEqual(expected)
  })

  it.each([
    ['input.missing', ': there is no "missing"'],
    ['steps.review.total', ': there is no "review"'],
    ['input.text + 1', "'_+_' applied to '(string, int)'"],
    ['{1: 2}', ': a key is no text'],
    ['b"abc"', ': the result is of a type that has no JSON'],
    ['duration("1s")', ': the result is of a type that has no JSON'],
    ['1.0 / 0.0', ': the result is a number that has no JSON'],
    ['0.0 / 0.0', ': the result is a number that has no JSON'],
    ['9007199254740992', ': the result is a number that has no JSON'],
    ['1 / 0', 'could not be evaluated'],
    ['input.half % 2', 'could not be evaluated'],
    ['input.text.map(letter, letter)', 'could not be evaluated'],
    ['input.lines.map(line, line.missing)', ': there is no "missing"'],
  ])('fails for %s', (source, problem) => {
    expect(problemOf(source)).toMatch(/^EXPRESSION_FAILED /)
    expect(problemOf(source)).toContain(problem)
  })

  it.each([
    ['input.', 'found .'],
    ['total', 'it names "total"; it can name input, steps'],
    ['input.lines.map(input, 1)', 'it uses the name "input" for an item'],
    ['[1].map(a, [1].map(b, [1].map(c, 1)))', 'comprehensions stand in one another more than 2 levels deep'],
    ['input.text.matches(input.text)', 'the pattern of matches() is no literal'],
    ['dyn(input)', 'it uses "dyn" as a function of 1 arguments'],
    ['google.protobuf.BoolValue{value: true}', 'it makes a "google.protobuf.BoolValue"'],
    [`[${Array(257).fill('1').join(',')}]`, 'it has more than 256 literals'],
    [`"${'a'.repeat(2_000)}"`, 'it has 2002 characters; at most 2000 are supported'],
    ['[1].map(a, `@each`(a, 1))', ''],
    ['@each([1], 0)', ''],
  ])('refuses %s', (source, problem) => {
    expect(problemOf(source)).toMatch(/^CONDITION_INVALID The expression is not valid: /)
    expect(problemOf(source)).toContain(problem)
  })

  it.each<[string, readonly (readonly string[])[]]>([
    ['steps.review.total * 2', [['steps', 'review', 'total']]],
    [
      'steps["review"].total + input.lines[0].cents',
      [
        ['steps', 'review', 'total'],
        ['input', 'lines'],
      ],
    ],
    [
      'has(steps.a) ? steps.a : steps.b',
      [
        ['steps', 'a'],
        ['steps', 'b'],
      ],
    ],
    [
      'input.lines.map(line, line.cents + steps.a)',
      [
        ['input', 'lines'],
        ['steps', 'a'],
      ],
    ],
    ['steps[input.which]', [['steps'], ['input', 'which']]],
    [
      '{steps.key: [steps.value]}',
      [
        ['steps', 'key'],
        ['steps', 'value'],
      ],
    ],
    ['1 + 2', []],
  ])('tells what %s names', (source, references) => {
    expect(compileExpression(source, { variables: VARIABLES }).references).toEqual(references)
  })

  it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'length'])(
    'sees no %s on any value',
    (name) => {
      for (const value of ['input', 'input.lines', 'input.text', 'input.total', 'steps', '[1]', '{"a": 1}', '"a"']) {
        for (const source of [`${value}.${name}`, `${value}["${name}"]`, `[${value}].map(item, item.${name})`]) {
          expect(problemOf(source), source).toMatch(/^EXPRESSION_FAILED /)
        }
      }
      expect(made(`has(input.${name})`)).toBe(false)
      expect(problemOf(name)).toMatch(/^CONDITION_INVALID /)
    },
  )

  it('makes own properties of names that objects inherit', () => {
    const object = made('{"__proto__": {"admin": true}, "constructor": 1}')
    expect(Object.keys(Object(object))).toEqual(['__proto__', 'constructor'])
    expect(Reflect.get(Object.getPrototypeOf(object), 'admin')).toBeUndefined()
    expect(Reflect.get({}, 'admin')).toBeUndefined()
  })

  it('tells no values in its messages', () => {
    const secret = { text: 'hunter2', map: { hunter2: 1 } }
    for (const source of ['int(input.text)', 'input[input.text]', 'timestamp(input.text)', 'input.text + 1']) {
      expect(problemOf(source, secret)).not.toContain('hunter2')
    }
  })

  it('keeps several evaluations under one budget', () => {
    const expression = compileExpression('input.map(item, item + 1)', { variables: ['input'] })
    const input = Array.from({ length: 2_000 }, (_, index) => index)
    const budget = expressionBudget()
    expect(expression.evaluate({ input }, budget)).toHaveLength(2_000)
    expect(() => {
      for (let turn = 0; turn < 20; turn += 1) expression.evaluate({ input }, budget)
    }).toThrow(expect.objectContaining({ code: 'EXPRESSION_FAILED' }))
    expect(expression.evaluate({ input })).toHaveLength(2_000)
  })
})

describe('hostile expressions', () => {
  const NUMBERS = Array.from({ length: 40_000 }, (_, index) => index)
  const LONG = 'a'.repeat(250_000)
  const doubled = (first: string, step: string, times: number): string => `${first}${step.repeat(times)}`

  const FAILED = 'EXPRESSION_FAILED'
  const INVALID = 'CONDITION_INVALID'
  const tree = (arms: string, times: number): string => doubled('[1]', `.map(i, ${arms})`, times)
  const deep = Array.from({ length: 80 }).reduce<JsonValue>((inner) => ({ a: inner }), 1)

  it.each<[string, string, JsonObject, string]>([
    ['texts that double', `${doubled('["aaaaaaaaaaaaaaaa"]', '.map(i, i + i)', 50)}[0]`, {}, FAILED],
    ['lists that double', `${doubled('[[1]]', '.map(i, i + i)', 50)}[0]`, {}, FAILED],
    ['a tree of shared lists', tree('[i, i]', 30), {}, FAILED],
    ['a tree of shared lists with many arms', tree('[i, i, i, i, i, i, i, i]', 30), {}, FAILED],
    ['trees that are compared', `${tree('[i, i, i, i]', 15)} == ${tree('[i, i, i, i]', 15)}`, {}, FAILED],
    ['a tree that is searched for', `${tree('[i, i, i]', 15)}[0] in ${tree('[i, i, i]', 15)}`, {}, FAILED],
    ['nested comprehensions', 'input.n.map(i, input.n.map(j, i * j))', { n: NUMBERS }, FAILED],
    ['a long list copied often', `${Array(40).fill('input.n').join('+')}`, { n: NUMBERS }, FAILED],
    ['comprehensions that only test', 'input.n.all(i, input.n.all(j, i >= 0.0 || j >= 0.0))', { n: NUMBERS }, FAILED],
    [
      'a long text measured often',
      '[input.t].map(t, input.n.map(i, size(t)))',
      { n: NUMBERS.slice(0, 4_000), t: LONG },
      FAILED,
    ],
    ['a long text added often', `size(${Array(50).fill('input.t').join('+')})`, { t: LONG }, FAILED],
    ['matches for each item', 'input.n.map(i, "ababababab".matches("(a|b){1,30}c$"))', { n: NUMBERS }, FAILED],
    ['faults that the other side makes up for', 'input.n.map(i, i.x > 1 || true)', { n: NUMBERS }, FAILED],
    ['a deep result', 'input', { deep }, FAILED],
    ['deep brackets', `${'['.repeat(64)}1${']'.repeat(64)}`, {}, INVALID],
    ['open brackets', '('.repeat(2_000), {}, INVALID],
    ['many open brackets that are parsed', `${' '.repeat(1_900)}${'('.repeat(64)}`, {}, INVALID],
    ['many open calls that are parsed', 'input.map(x,'.repeat(63), {}, INVALID],
    ['many choices without an end', `${'true?false:'.repeat(170)}`, {}, INVALID],
    ['many signs without an end', `${'-'.repeat(1_990)}`, {}, INVALID],
    ['many quotes', '"'.repeat(1_999), {}, INVALID],
  ])('%s end soon, with a fault', (_name, source, input, code) => {
    const start = process.cpuUsage()
    expect(problemOf(source, input).split(' ')[0]).toBe(code)
    expect(takenSince(start)).toBeLessThan(BOUND_MS)
  })

  it('ends soon for whatever is put together, with a value or a fault', { timeout: 60_000 }, () => {
    const list = fc.constantFrom('input.n', '[1, 2, 3]', 'input.t', 'input', '[input.n]', '["ab"]', '{"a": input}')
    const body = fc.constantFrom(
      'i',
      'i + i',
      '[i, i]',
      'input.n',
      'size(i)',
      'i == input.n',
      '{"k": i}',
      'string(i)',
      'input.n.map(j, i)',
      'i in input.n',
      'input.t.contains(i)',
      'i.matches("(a|b)*c")',
    )
    const macro = fc.constantFrom('map', 'filter', 'all', 'exists', 'exists_one')
    const source = fc
      .tuple(list, fc.array(fc.tuple(macro, body), { minLength: 1, maxLength: 12 }))
      .map(([first, steps]) => steps.reduce<string>((text, [name, what]) => `${text}.${name}(i, ${what})`, first))
    const input = { n: NUMBERS.slice(0, 5_000), t: LONG }
    fc.assert(
      fc.property(source, (text) => {
        const start = process.cpuUsage()
        expect(problemOf(text, input)).toMatch(/^(?:none|EXPRESSION_FAILED|CONDITION_INVALID)/)
        expect(takenSince(start)).toBeLessThan(BOUND_MS)
      }),
      { numRuns: 150 },
    )
  })

  it('gives JSON or a fault for any text', { timeout: 60_000 }, () => {
    const part = fc.constantFrom(
      'input',
      'steps',
      '.',
      'n',
      '(',
      ')',
      '[',
      ']',
      '"',
      '{',
      '}',
      ':',
      ',',
      '+',
      '-',
      '*',
      '/',
      '%',
      '?',
      '1',
      '1.5',
      'map',
      'i',
      'filter',
      'has',
      'string',
      'null',
      'in',
      '__proto__',
      'constructor',
      '@each',
      '@append',
      '@result',
      ' ',
      '==',
      '&&',
    )
    const source = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.array(part, { maxLength: 20 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(source, (text) => {
        expect(problemOf(text)).toMatch(/^(?:none|EXPRESSION_FAILED|CONDITION_INVALID)/)
      }),
      { numRuns: 1_000 },
    )
  })
})
