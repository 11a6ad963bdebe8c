import { describe, expect, it } from 'vitest'
import { joinOf } from './join-of.ts'

const branch = (name: string) => ({ name, steps: [] })

describe('a join', () => {
  it('waits for a branch whatever it is called', () => {
    const step = { id: 'p', type: 'parallel', branches: [branch('left'), branch('constructor')] } as const
    const left = { left: { state: 'succeeded', output: 1 } } as const
    expect(joinOf(step, left)).toBe(null)
    const failure = { code: 'STEP_FAILED', message: 'no' } as const
    const both = { ...left, constructor: { state: 'failed', failure, row: 'wst_1' } } as const
    expect(joinOf(step, both as never)).toMatchObject({
      state: 'failed',
      failure: { message: 'Branch constructor: no' },
    })
  })
})
