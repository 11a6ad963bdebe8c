import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Example } from '../client/feedback.ts'
import { progressOf } from '../experiments/progress-of.ts'
import type { Trial } from '../trials/trial.ts'
import { composeExamples, instructionsByRule } from './compose-version.ts'
import { mayDeploy } from './deployment-rule.ts'
import { testResult } from './test-result.ts'
import { readTrainingOptions } from './training-options.ts'

const example = (id: string, input: string, correction: string, tags: readonly string[] = []): Example => ({
  id,
  agent: null,
  agentType: 'generic',
  input,
  output: null,
  correction,
  tags,
  about: { kind: 'outside', id: 'test' },
  origin: 'imported',
  contentHash: '0'.repeat(64),
  isHeldOut: false,
  appliedBy: null,
  occurrences: 1,
  actor: 'user:ana',
  createdAt: '2026-01-01T00:00:00.000Z',
})

const trial = (position: number, scores: readonly [number, number] | null, state?: Trial['state']): Trial => ({
  id: `t${position}`,
  owner: { kind: 'experiment', id: 'x' },
  position,
  exampleId: `e${position}`,
  state: state ?? (scores === null ? 'unscored' : 'scored'),
  scoreA: scores?.[0] ?? null,
  scoreB: scores?.[1] ?? null,
  attempts: 1,
})

describe('a version of a playbook', () => {
  it('has each question once, with its newest correction, and keeps what was known [LEARN-1]', () => {
    const fresh = [example('e1', 'one', 'right'), example('e2', 'two', 'two is right')]
    const before = [
      { input: 'one', output: 'stale' },
      { input: 'three', output: 'kept' },
    ]
    expect(composeExamples(fresh, before)).toEqual([
      { input: 'one', output: 'right', source: 'e1' },
      { input: 'two', output: 'two is right', source: 'e2' },
      { input: 'three', output: 'kept' },
    ])
  })

  it('takes the newest of several corrections of one question, and drives out little of what was known [LEARN-1]', () => {
    const old = { ...example('e1', 'one', 'Monday'), createdAt: '2026-01-01T00:00:00.000Z', occurrences: 9 }
    const newer = { ...example('e2', 'one', 'Friday'), createdAt: '2026-01-05T00:00:00.000Z' }
    expect(composeExamples([old, newer], [])).toEqual([{ input: 'one', output: 'Friday', source: 'e2' }])
    const fresh = Array.from({ length: 40 }, (_, index) => example(`f${index}`, `new ${index}`, 'right'))
    const known = Array.from({ length: 20 }, (_, index) => ({ input: `old ${index}`, output: 'known' }))
    const made = composeExamples(fresh, known)
    expect(made).toHaveLength(40)
    expect(made.filter(({ output }) => output === 'known')).toHaveLength(15)
  })

  it('never grows past what is read before every answer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string({ minLength: 1, maxLength: 9_000 })), {
          maxLength: 120,
        }),
        (pairs) => {
          const made = composeExamples(
            pairs.map(([input, output], index) => example(`e${index}`, input, output)),
            [],
          )
          expect(made.length).toBeLessThanOrEqual(40)
          expect(new Set(made.map(({ input }) => input)).size).toBe(made.length)
          expect(made.reduce((sum, { input, output }) => sum + input.length + output.length, 0)).toBeLessThanOrEqual(
            60_000,
          )
        },
      ),
      { numRuns: 50 },
    )
  })

  it('names by rule what was corrected, most frequent first, and nothing twice', () => {
    const fresh = [example('e1', 'a', 'b', ['tone']), example('e2', 'c', 'd', ['tone', 'dates'])]
    const first = instructionsByRule('qa', { fresh, before: null })
    expect(first.split('\n')).toEqual([
      'People corrected answers of qa agents. Answer as the examples do.',
      '- Take care with tone: corrected 2 times.',
      '- Take care with dates: corrected once.',
    ])
    const before = { instructions: first } as never
    expect(instructionsByRule('qa', { fresh, before })).toBe(first)
  })
})

describe('the test of a version', () => {
  const tested = { state: 'tested', cases: 10, unscored: 0, before: 40, after: 70 } as const

  it.each([
    [null, false],
    [{ state: 'too_few', cases: 3, needed: 5 } as const, false],
    [{ ...tested, improvement: 30, p: 0.002, interval: [20, 40] } as const, true],
    [{ ...tested, improvement: 15, p: 0.002, interval: [10, 20] } as const, false],
    [{ ...tested, improvement: 15.1, p: 0.05, interval: [0.1, 20] } as const, true],
    [{ ...tested, improvement: 30, p: 0.051, interval: [20, 40] } as const, false],
    [{ ...tested, improvement: 30, p: 0.01, interval: [0, 40] } as const, false],
    [{ ...tested, unscored: 2, improvement: 30, p: 0.002, interval: [20, 40] } as const, true],
    [{ ...tested, unscored: 3, improvement: 30, p: 0.002, interval: [20, 40] } as const, false],
    [{ ...tested, improvement: -30, p: 0.002, interval: [-40, -20] } as const, false],
  ])('%j lets it be deployed: %s [LEARN-1]', (test, may) => {
    const rule = mayDeploy(test)
    expect(rule.may).toBe(may)
    expect(rule.reason).toMatch(/\.$/)
  })

  it('counts the pairs that have both scores, and says nothing of fewer than five', () => {
    const scored = Array.from({ length: 8 }, (_, index) => trial(index + 1, [20, 60 + index]))
    expect(testResult([...scored, trial(9, null)], 'seed')).toMatchObject({ cases: 8, unscored: 1, p: 2 / 2 ** 8 })
    expect(testResult(scored.slice(0, 4), 'seed')).toEqual({ state: 'too_few', cases: 4, needed: 5 })
    expect(testResult([trial(1, null)], 'seed')).toEqual({ state: 'too_few', cases: 0, needed: 5 })
    expect(testResult([], 'seed')).toBeNull()
    expect(testResult(scored, 'one')).toEqual(testResult(scored, 'one'))
  })
})

describe('an experiment', () => {
  const rule = { alpha: 0.05, mostRuns: 100 }

  it('counts results in the order of their cases, up to the first that is open [LEARN-4]', () => {
    const won = Array.from({ length: 30 }, (_, index) => trial(index + 1, [0, 100]))
    expect(progressOf(rule, won)).toMatchObject({ end: { state: 'decided', winner: 'b' } })
    const open = [trial(1, null, 'open'), ...won.slice(1)]
    expect(progressOf(rule, open)).toEqual({ progress: { runs: 0, evidence: 1, meanA: null, meanB: null }, end: null })
  })

  it('ends without a winner when no case is left, or after so many [LEARN-4]', () => {
    const equal = Array.from({ length: 10 }, (_, index) => trial(index + 1, [50, 50]))
    expect(progressOf(rule, equal)).toMatchObject({ end: { state: 'inconclusive', winner: null } })
    const more = [...equal, trial(11, null, 'open')]
    expect(progressOf(rule, more).end).toBeNull()
    expect(progressOf({ ...rule, mostRuns: 10 }, more)).toMatchObject({ end: { state: 'inconclusive' } })
  })

  it('names the same winner whichever side is called a [LEARN-4]', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 })), {
          minLength: 1,
          maxLength: 60,
        }),
        (pairs) => {
          const one = progressOf(
            rule,
            pairs.map((pair, index) => trial(index + 1, pair)),
          )
          const other = progressOf(
            rule,
            pairs.map(([a, b], index) => trial(index + 1, [b, a])),
          )
          const swapped = { a: 'b', b: 'a' } as const
          const winner = other.end?.winner ?? null
          expect(one.end?.winner ?? null).toBe(winner === null ? null : swapped[winner])
          expect(one.progress.evidence).toBeCloseTo(other.progress.evidence, 6)
        },
      ),
    )
  })
})

describe('the options of training', () => {
  it('have defaults, and wrong ones are named', () => {
    expect(readTrainingOptions({})).toEqual({ automatic: { after: 10, everyHours: 24, deploy: null } })
    expect(readTrainingOptions({ automatic: false })).toEqual({ automatic: false })
    expect(() => readTrainingOptions({ automatic: { after: 0 } })).toThrow(/automatic\.after/)
    expect(() => readTrainingOptions({ automatic: { deploy: { tier: 'user', share: 1 } } })).toThrow(/target/)
  })
})
