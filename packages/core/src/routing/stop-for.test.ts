import { describe, expect, it } from 'vitest'
import type { OpenStop } from './facts.ts'
import { stopFor } from './stop-for.ts'

const stop = (target: OpenStop['target'], agent: string | null = null): OpenStop => ({
  id: `of ${agent}`,
  target,
  agent,
})

describe('a kill switch [I-13, STOP-1]', () => {
  it.each<[what: string, set: OpenStop, isFor: boolean]>([
    ['of the agent', stop('agent', 'bot'), true],
    ['of who delegated', stop('agent', 'boss'), true],
    ['of another agent', stop('agent', 'other'), false],
    ['of no agent', stop('agent'), false],
    ['of the workspace', stop('workspace'), true],
    ['of everything', stop('all'), true],
  ])('%s', (_what, set, isFor) => {
    expect(stopFor([set], ['bot', 'boss'])).toBe(isFor ? set : undefined)
  })

  it('is the first one that is for these agents', () => {
    const set = [stop('agent', 'other'), stop('agent', 'boss'), stop('all')]
    expect(stopFor(set, ['bot', 'boss'])).toBe(set[1])
    expect(stopFor(set, ['bot'])).toBe(set[2])
    expect(stopFor([], ['bot'])).toBeUndefined()
  })
})
