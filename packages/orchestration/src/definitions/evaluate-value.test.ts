import { GovernanceError, type JsonValue } from '@preceptor/client'
import { expressionBudget } from '@preceptor/core/plugin'
import { describe, expect, it } from 'vitest'
import { REFUND } from './definitions.test.helper.ts'
import { evaluateValue, evaluateWhen, type WorkflowContext } from './evaluate-value.ts'
import { parseRunInput } from './parse-run-input.ts'

const CONTEXT: WorkflowContext = {
  input: { cents: 500, list: [1, 2] },
  steps: { review: { total: 10 } },
  failures: { pay: { code: 'STEP_FAILED', message: 'It did not go through.' } },
  run: { id: 'wrn_1', workflow: 'wfl_1', version: 1, startedBy: 'user:ana', startedAt: '2026-01-05T10:00:00.000Z' },
}

function codeOf(work: () => unknown): string {
  try {
    return `none: ${JSON.stringify(work())}`
  } catch (error) {
    return GovernanceError.isInstance(error) ? error.code : String(error)
  }
}

describe('values of workflows', () => {
  it.each<[JsonValue, JsonValue]>([
    [null, null],
    ['text', 'text'],
    [{ $cel: 'steps.review.total * 2' }, 20],
    [
      { a: [{ $cel: 'input.list' }, 1], b: { c: { $cel: 'failures.pay.code' } } },
      { a: [[1, 2], 1], b: { c: 'STEP_FAILED' } },
    ],
    [{ key: { $secret: 'crm' } }, { key: { $secret: 'crm' } }],
    [{ $cel: 'run.startedBy + " " + string(run.version)' }, 'user:ana 1'],
    [{ $cel: '{"$cel": "input.cents"}' }, { $cel: 'input.cents' }],
    [[], []],
  ])('evaluates %j', (value, expected) => {
    expect(evaluateValue(value, CONTEXT)).toEqual(expected)
  })

  it('fails for what is not there, for what is too large or too deep, and for names that reach prototypes', () => {
    expect(codeOf(() => evaluateValue({ $cel: 'steps.none' }, CONTEXT))).toBe('EXPRESSION_FAILED')
    const large = { ...CONTEXT, input: { text: 'a'.repeat(100_000) } }
    expect(codeOf(() => evaluateValue([{ $cel: 'input.text' }, { $cel: 'input.text' }], large))).toMatch(/^none/)
    expect(codeOf(() => evaluateValue(Array(3).fill({ $cel: 'input.text' }), large))).toBe('EXPRESSION_FAILED')
    const deep = `[1]${'.map(i, [i])'.repeat(30)}`
    expect(codeOf(() => evaluateValue({ a: { b: { c: { $cel: deep } } } }, CONTEXT))).toBe('EXPRESSION_FAILED')
    expect(codeOf(() => evaluateValue({ $cel: '{"__proto__": 1}' }, CONTEXT))).toBe('EXPRESSION_FAILED')
  })

  it('takes no more work for many expressions than for one', () => {
    const context = { ...CONTEXT, input: { list: Array.from({ length: 2_000 }, (_, index) => index) } }
    const one: JsonValue = { $cel: 'size(input.list.map(i, i + 1))' }
    expect(evaluateValue([one], context)).toEqual([2_000])
    expect(codeOf(() => evaluateValue(Array(100).fill(one), context))).toBe('EXPRESSION_FAILED')
  })

  it('decides by true and false only', () => {
    expect(evaluateWhen('input.cents > 100', CONTEXT)).toBe(true)
    expect(evaluateWhen('has(steps.none)', CONTEXT)).toBe(false)
    for (const when of ['input.cents', '"true"', 'null', 'steps.none']) {
      expect(codeOf(() => evaluateWhen(when, CONTEXT))).toBe('EXPRESSION_FAILED')
    }
  })
})

describe('inputs of runs', () => {
  it('takes what the schema takes, and tells what it does not', async () => {
    expect(await parseRunInput(REFUND, { cents: 5 })).toEqual({ cents: 5 })
    await expect(parseRunInput(REFUND)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('cents'),
    })
    await expect(parseRunInput(REFUND, { cents: 'x' })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    await expect(parseRunInput(REFUND, [])).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    const { input: _, ...free } = REFUND
    expect(await parseRunInput(free)).toEqual({})
  })
})

describe('text that the database cannot store', () => {
  it.each<[JsonValue, JsonValue]>([
    [{ $cel: '"a\\u0000b"' }, 'a\ufffdb'],
    [{ $cel: '{"k\\u0000": ["\\u0000"]}' }, { 'k\ufffd': ['\ufffd'] }],
    [{ $cel: 'input.half' }, '\ufffd'],
    [{ $cel: 'input.whole' }, '😀'],
  ])('is made storable: %j', (value, expected) => {
    expect(evaluateValue(value, { ...CONTEXT, input: { half: '\ud83d', whole: '😀' } })).toEqual(expected)
  })
})

describe('one budget for a whole walk', () => {
  const list = Array.from({ length: 50 }, (_, at) => at)
  const context: WorkflowContext = { ...CONTEXT, input: { list } }
  const heavy = (at: number): string => `input.list.all(x, input.list.all(y, x + y >= 0)) && false || ${at} < 0`

  it('ends 50 conditions of 50 heavy branches with EXPRESSION_FAILED', () => {
    // Each of them alone is within what one expression may take.
    expect(evaluateWhen(heavy(0), context)).toBe(false)
    const budget = expressionBudget(300_000)
    let evaluated = 0
    const walk = (): void => {
      for (let at = 0; at < 2_500; at += 1) {
        expect(evaluateWhen(heavy(at), context, budget)).toBe(false)
        evaluated += 1
      }
    }
    expect(codeOf(walk)).toBe('EXPRESSION_FAILED')
    expect(evaluated).toBeGreaterThan(0)
    expect(evaluated).toBeLessThan(50)
    // What is spent is spent for values too, and for whatever is cheap.
    expect(codeOf(() => evaluateValue({ $cel: '1' }, context, budget))).toBe('EXPRESSION_FAILED')
    expect(codeOf(() => evaluateWhen('true', context, budget))).toBe('EXPRESSION_FAILED')
    expect(evaluateWhen('true', context)).toBe(true)
  })

  it('ends many cheap ones, too', () => {
    const budget = expressionBudget(100)
    const walk = (): void => {
      for (let at = 0; at < 101; at += 1) evaluateWhen('true', context, budget)
    }
    expect(codeOf(walk)).toBe('EXPRESSION_FAILED')
  })
})
