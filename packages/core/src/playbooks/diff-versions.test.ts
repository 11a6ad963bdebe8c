import type { PlaybookExample } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffLines, diffVersions } from './diff-versions.ts'

const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })

describe('the lines of two versions', () => {
  it('give each of the two back, in its order', () => {
    fc.assert(
      fc.property(lines, lines, (from, to) => {
        const diff = diffLines(from, to)
        const without = (change: string) => diff.filter((one) => one.change !== change).map(({ line }) => line)
        expect(without('added')).toEqual(from)
        expect(without('removed')).toEqual(to)
      }),
    )
  })

  it('keep as much as can be kept', () => {
    fc.assert(
      fc.property(lines, fc.array(fc.nat(20), { maxLength: 4 }), (from, places) => {
        const to: string[] = [...from]
        for (const place of places) to.splice(Math.min(place, to.length), 0, 'new')
        const diff = diffLines(from, to)
        expect(diff.filter(({ change }) => change === 'kept')).toHaveLength(from.length)
        expect(diff.filter(({ change }) => change === 'removed')).toEqual([])
      }),
    )
  })

  it('are compared soon at the most that a version has', () => {
    const many = (word: string) => Array.from({ length: 1_000 }, (_, index) => `${word} ${index}`)
    expect(diffLines(many('old'), many('new'))).toHaveLength(2_000)
  })
})

describe('the examples of two versions', () => {
  const version = (examples: readonly PlaybookExample[], number = 1) => ({
    playbook: 'pbk_a',
    version: number,
    instructions: 'Be kind.',
    examples,
  })

  it('are the same by their input', () => {
    const [kept, gone, added] = ['kept', 'gone', 'added'].map((input) => ({ input, output: 'x' }))
    const before = version([kept, gone, { input: 'changed', output: 'x', note: 'why' }] as PlaybookExample[])
    const after = version([added, kept, { input: 'changed', output: 'y', note: 'why' }] as PlaybookExample[], 2)
    expect(diffVersions(before, after)).toEqual({
      playbook: 'pbk_a',
      from: 1,
      to: 2,
      instructions: [{ change: 'kept', line: 'Be kind.' }],
      examples: {
        added: [added],
        removed: [gone],
        changed: [
          {
            from: { input: 'changed', output: 'x', note: 'why' },
            to: { input: 'changed', output: 'y', note: 'why' },
          },
        ],
      },
    })
  })

  it('are all new to nothing', () => {
    expect(diffVersions(null, version([{ input: 'a', output: 'b' }]))).toMatchObject({
      from: null,
      instructions: [{ change: 'added' }],
      examples: { added: [{ input: 'a' }], removed: [], changed: [] },
    })
  })
})
