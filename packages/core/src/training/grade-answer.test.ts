import type { JsonValue, Scenario, ScenarioGrader } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import type { ChatModel } from '../models/chat-model.ts'
import { gradeAnswer } from './grade-answer.ts'
import type { Grading } from './grading.ts'
import { parseScenarios } from './parse-scenario.ts'

const scenario = (grader: ScenarioGrader): Scenario => ({
  id: 'a',
  version: 1,
  topic: 't',
  capability: 'c',
  task: 'Do it.',
  input: { most: 10 },
  grader,
  weight: 1,
})

function grade(grader: ScenarioGrader, answer: JsonValue, model: ChatModel | null = null): Promise<Grading> {
  const at = '2026-01-02T12:00:00.000Z'
  return gradeAnswer({ scenario: scenario(grader), agent: 'pupil', answer, at, model })
}

const says = (reply: unknown): ChatModel => ({ name: 'judge', invoke: async () => reply })
const RUBRIC = { kind: 'rubric', rubric: 'Polite?' } as const
const INVALID = expect.objectContaining({ code: 'INPUT_INVALID' })

describe('graders', () => {
  const cases: readonly (readonly [ScenarioGrader, JsonValue, number])[] = [
    [{ kind: 'exact', expected: { a: [1, { b: null }] } }, { a: [1, { b: null, c: 2 }], d: 3 }, 10_000],
    [{ kind: 'exact', expected: { a: [1] } }, { a: [1, 2] }, 0],
    [{ kind: 'exact', expected: { a: 1 } }, { a: '1' }, 0],
    [{ kind: 'exact', expected: {} }, [], 0],
    [{ kind: 'exact', expected: [], at: '/x~1y/0' }, { 'x/y': [[]] }, 10_000],
    [{ kind: 'exact', expected: { toString: 1 } }, {}, 0],
    [{ kind: 'numeric', expected: 1, tolerance: 0.5, at: '/n' }, { n: 1.5 }, 10_000],
    [{ kind: 'numeric', expected: 1, tolerance: 0.5, at: '/n' }, { n: 1.51 }, 0],
    [{ kind: 'numeric', expected: 1, tolerance: 9, at: '/n' }, { n: '1' }, 0],
    [{ kind: 'numeric', expected: 1, tolerance: 9, at: '/n' }, null, 0],
    [{ kind: 'json_schema', schema: { type: 'object', required: ['a'] } }, { a: 1 }, 10_000],
    [{ kind: 'json_schema', schema: { type: 'object', required: ['a'] } }, { b: 1 }, 0],
    [{ kind: 'cel', condition: 'args.answer.n <= args.input.most' }, { n: 10 }, 10_000],
    [{ kind: 'cel', condition: 'args.answer.n <= args.input.most' }, { n: 11 }, 0],
    [{ kind: 'cel', condition: 'args.answer.n <= args.input.most' }, {}, 0],
  ]

  it.each(cases)('%o of %o gives %i [TRAIN-4]', async (grader, answer, score) => {
    expect(await grade(grader, answer)).toMatchObject({ result: 'graded', score, gradedBy: `grader:${grader.kind}` })
  })

  it('wait for a person where only one can say', async () => {
    expect(await grade({ kind: 'human', instructions: 'Polite?' }, 'Hi')).toEqual({ result: 'waits' })
    expect(await grade(RUBRIC, 'Hi')).toEqual({ result: 'waits' })
  })

  it.each([
    ['text', JSON.stringify({ score: 0.25, reason: 'Too short.' })],
    ['a message', { content: '{"score":0.25,"reason":"Too short."}' }],
  ])('take the verdict of a chat model, given as %s', async (_, reply) => {
    const graded = { result: 'graded', score: 2_500, feedback: 'Too short.', gradedBy: 'model:judge' }
    expect(await grade(RUBRIC, 'Hi', says(reply))).toEqual(graded)
  })

  it.each([
    ['no JSON', 'I would say 0.9'],
    ['no score', '{"reason":"ok"}'],
    ['a score out of range', '{"score":1.01,"reason":"ok"}'],
    ['a score that is text', '{"score":"1","reason":"ok"}'],
    ['more than a verdict', '{"score":1,"reason":"ok","passed":true}'],
    ['nothing', undefined],
    ['content of parts that are no text', { content: [{ type: 'image', text: '{"score":1,"reason":"ok"}' }] }],
  ])('give no score when the verdict has %s [TRAIN-10]', async (_, reply) => {
    expect((await grade(RUBRIC, 'Hi', says(reply))).result).toBe('outage')
  })

  it('give no score when the chat model fails [TRAIN-10]', async () => {
    const model: ChatModel = { invoke: () => Promise.reject(new Error('503')) }
    expect(await grade(RUBRIC, 'Hi', model)).toEqual({ result: 'outage', message: '503' })
  })
})

describe('scenarios', () => {
  it.each([
    [{ kind: 'cel', condition: 'args.answer.map(x, x)' }],
    [{ kind: 'cel', condition: 'secrets.all' }],
    [{ kind: 'numeric', expected: 1, tolerance: -1 }],
    [{ kind: 'exact' }],
    [{ kind: 'exact', expected: 1, at: 'a' }],
    [{ kind: 'json_schema', schema: { $ref: '#/$defs/none' } }],
    [{ kind: 'magic' }],
  ])('are refused when nothing could be graded by them: %o [TRAIN-11]', (grader) => {
    expect(() => parseScenarios([scenario(grader as unknown as ScenarioGrader)])).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(INPUT|CONDITION)_INVALID$/) }),
    )
  })

  it('are refused with wrong fields, and when two are the same version [TRAIN-11]', () => {
    const one = scenario({ kind: 'exact', expected: 1 })
    for (const wrong of [
      { ...one, weight: 0 },
      { ...one, id: 'a b' },
      { ...one, version: 0 },
      { ...one, more: 1 },
    ]) {
      expect(() => parseScenarios([wrong])).toThrow(INVALID)
    }
    expect(() => parseScenarios([one, one])).toThrow(INVALID)
    expect(parseScenarios([one, { ...one, version: 2 }])).toHaveLength(2)
  })
})
