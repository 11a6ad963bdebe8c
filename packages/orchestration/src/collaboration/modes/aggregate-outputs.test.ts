import type { JsonValue } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CollaborationTurn } from '../../client/collaboration.ts'
import { aggregateOutputs } from './aggregate-outputs.ts'

const time = (second: number): string => new Date(second * 1_000).toISOString()

const turn = (
  place: number,
  end: CollaborationTurn['state'],
  output: JsonValue = null,
  endedAt = place,
): CollaborationTurn => ({
  id: `wst_${place}`,
  phase: 'work',
  member: `agent:m${place}`,
  about: null,
  state: end,
  output,
  failure: end === 'failed' ? { code: 'STEP_FAILED', message: `m${place}` } : null,
  startedAt: time(0),
  endedAt: end === 'open' ? null : time(endedAt),
})

const done = (...outputs: readonly JsonValue[]): readonly CollaborationTurn[] =>
  outputs.map((output, place) => turn(place, 'succeeded', output))

describe('the outputs of a parallel collaboration', () => {
  const majority = { result: 'majority', onFailure: 'ignore' } as const

  it.each([
    ['all the same', done('a', 'a', 'a'), { outcome: 'agreed', value: 'a', asked: 3 }],
    ['more than half', done('a', 'b', 'a'), { outcome: 'agreed', value: 'a', asked: 3 }],
    ['a tie', done('a', 'b', 'a', 'b'), { outcome: 'no_majority', asked: 4 }],
    ['the most, and not more than half', done('a', 'a', 'b', 'c'), { outcome: 'no_majority', asked: 4 }],
    ['keys in another order', done({ x: 1, y: 2 }, { y: 2, x: 1 }), { outcome: 'agreed', asked: 2 }],
    ['1 and "1"', done(1, '1'), { outcome: 'no_majority', asked: 2 }],
    ['null', done(null, null, 1), { outcome: 'agreed', value: null, asked: 3 }],
  ])('agree by a majority: %s', (_, turns, output) => {
    expect(aggregateOutputs(majority, turns)).toMatchObject({ state: 'completed', output })
  })

  it('do not agree where half of those who were asked failed', () => {
    const turns = [...done('a'), turn(1, 'failed')]
    expect(aggregateOutputs(majority, turns)).toMatchObject({ output: { outcome: 'no_majority', asked: 2 } })
  })

  it('are the first that came, in time and not in place', () => {
    const turns = [
      turn(0, 'succeeded', 'late', 9),
      turn(1, 'failed', null, 1),
      turn(2, 'succeeded', 'soon', 3),
      turn(3, 'open'),
    ]
    expect(aggregateOutputs({ result: 'first', onFailure: 'ignore' }, turns)).toEqual({
      state: 'completed',
      output: 'soon',
    })
  })

  it('are a failure when nobody is left, that of the first who failed', () => {
    const turns = [turn(0, 'failed', null, 5), turn(1, 'failed', null, 2)]
    const failure = { member: 'agent:m1', code: 'STEP_FAILED', message: 'm1' }
    for (const result of ['collect', 'first', 'majority'] as const) {
      expect(aggregateOutputs({ result, onFailure: 'ignore' }, turns)).toEqual({ state: 'failed', failure })
    }
  })

  it('agree only on what more than half gave, whatever the order of the members', () => {
    const outputs = fc.array(fc.constantFrom<JsonValue>('a', 'b', { k: [1] }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(outputs, (given) => {
        const standing = aggregateOutputs(majority, done(...given))
        const reversed = aggregateOutputs(majority, done(...[...given].reverse()))
        const counts = new Map<string, number>()
        for (const one of given) counts.set(JSON.stringify(one), (counts.get(JSON.stringify(one)) ?? 0) + 1)
        const agreed = [...counts].filter(([, count]) => count * 2 > given.length)
        const expected = agreed.length === 1 ? 'agreed' : 'no_majority'
        expect(standing).toMatchObject({ state: 'completed', output: { outcome: expected } })
        expect(reversed).toMatchObject({ state: 'completed', output: { outcome: expected } })
      }),
    )
  })
})
