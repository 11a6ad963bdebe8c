import { describe, expect, it } from 'vitest'
import { agentsOf, MATCHING, namesApproval } from './attempt.ts'

describe('an attempt', () => {
  it('rests on its agent and on those that delegated to it', () => {
    expect(agentsOf({ agent: 'ann' })).toEqual(['ann'])
    expect(agentsOf({ agent: 'ann', delegation: ['ben', 'cid'] })).toEqual(['ann', 'ben', 'cid'])
  })

  it.each<[permit: string | undefined, expected: boolean]>([
    [undefined, false],
    [MATCHING, false],
    ['matching', false],
    ['', true],
    ['v4.public.one', true],
  ])('with permit %j names one approval: %s', (permit, expected) => {
    expect(
      namesApproval({ agent: 'ann', action: 'refund.create', args: {}, ...(permit !== undefined && { permit }) }),
    ).toBe(expected)
  })
})
