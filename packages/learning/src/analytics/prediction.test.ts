import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mean } from '../statistics/describe.ts'
import { drawExponential, drawNormal, sample, shareOf } from '../statistics/samples.test.helper.ts'
import { seededRandom } from '../statistics/seeded-random.ts'
import { hitRate, type JudgedPrediction } from './hit-rate.ts'
import { judgePrediction } from './judge-prediction.ts'
import { type PredictionOutcome, predictNext, type ScoredSession } from './prediction.ts'

// The same cases in every run.
fc.configureGlobal({ seed: 20_261_122 })

const DAY = 86_400_000
const NOW = 1_800_000_000_000

/** Sessions that are so many days apart, the last of them now. */
function sessionsOf(improvements: readonly number[], daysApart = 1): ScoredSession[] {
  return improvements.map((improvement, place) => ({
    improvement,
    at: NOW - (improvements.length - 1 - place) * daysApart * DAY,
  }))
}

function predicted(
  sessions: readonly ScoredSession[],
  level = 0.95,
): Extract<PredictionOutcome, { outcome: 'predicted' }> {
  const prediction = predictNext({ sessions, now: NOW, level })
  if (prediction.outcome === 'too_few') throw new Error('too few')
  return prediction
}

const EIGHT = [3, 7, 4, 9, 12, 8, 11, 15]

describe('the prediction for an agent type', () => {
  // NumPy and SciPy 1.17: the formula with numpy.polyfit and scipy.stats.t.ppf.
  it.each([
    ['as many as came', 0, 8, 0.95, 19.95833333333333, 12.721980339439266, 27.19468632722739],
    ['one a month', 30, 1, 0.9, 15, 9.529988188595858, 20.470011811404138],
    ['three a week', 8 / 3, 3, 0.8, 16.416666666666664, 12.94598562565875, 19.88734770767458],
  ])('of %s is that of the formula', (_, daysApart, sessions, level, middle, low, high) => {
    const found = predicted(sessionsOf(EIGHT, daysApart), level)
    expect(found.sessions).toBe(sessions)
    expect(found.mean).toBeCloseTo(middle, 9)
    expect(found.interval.low).toBeCloseTo(low, 9)
    expect(found.interval.high).toBeCloseTo(high, 9)
    expect(found).toMatchObject({ level, madeAt: NOW, until: NOW + 7 * DAY, direction: 'improving' })
    expect(found.factors).toMatchObject({ sampleSize: 8, daysSinceLast: 0 })
    expect(found.factors.variance).toBeCloseTo(16.267857142857142, 9)
    expect(found.factors.slope).toBeCloseTo(1.4166666666666667, 9)
  })

  it.each([0, 1, 4])('of %i sessions is none', (n) => {
    expect(predictNext({ sessions: sessionsOf(Array(n).fill(10)), now: NOW })).toEqual({
      outcome: 'too_few',
      n,
      needed: 5,
    })
  })

  const noises = {
    normal: (random: () => number) => drawNormal(random),
    uniform: (random: () => number) => Math.sqrt(12) * (random() - 0.5),
    exponential: (random: () => number) => drawExponential(random) - 1,
  }

  // 2,000 runs: four standard errors are 0.02 at 0.95 and 0.036 at 0.8.
  it.each([
    ['normal', 5, 0.95, 0.95, 0.02],
    ['normal', 10, 0.95, 0.95, 0.02],
    ['normal', 50, 0.95, 0.95, 0.02],
    ['normal', 10, 0.8, 0.8, 0.036],
    ['uniform', 10, 0.95, 0.95, 0.02],
    ['exponential', 10, 0.95, 0.944, 0.021],
    ['exponential', 50, 0.95, 0.94, 0.022],
  ] as const)('with %s scatter and n = %i at %d holds what comes %d of the time', (kind, n, level, stated, grace) => {
    const random = seededRandom(n)
    const held = shareOf(2_000, () => {
      const at = (place: number): number => 5 + 0.1 * place + 4 * noises[kind](random)
      const found = predicted(sessionsOf(sample(n, () => 0).map((_, place) => at(place))), level)
      const came = mean(sample(found.sessions, () => 0).map((_, place) => at(n + place))) ?? Number.NaN
      return found.interval.low <= came && came <= found.interval.high
    })
    expect(Math.abs(held - stated)).toBeLessThanOrEqual(grace)
  })

  it('of one session to come holds it at its level, too', () => {
    const random = seededRandom(44)
    const held = shareOf(2_000, () => {
      const found = predicted(
        sessionsOf(
          sample(6, () => 15 * drawNormal(random)),
          40,
        ),
      )
      const came = 15 * drawNormal(random)
      return found.interval.low <= came && came <= found.interval.high
    })
    expect(Math.abs(held - 0.95)).toBeLessThanOrEqual(0.02)
  })

  const improvements = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 5, maxLength: 70 })
  const spacing = fc.integer({ min: 0, max: 20 })

  it('lies in its interval, within what is possible, wider for a higher level, whatever the order it is told in', () => {
    fc.assert(
      fc.property(improvements, spacing, (values, daysApart) => {
        // Apart by at least a moment, so that the order in time is one.
        const sessions = sessionsOf(values, daysApart + 0.001)
        const found = predicted(sessions)
        expect(found.interval.low).toBeGreaterThanOrEqual(-100)
        expect(found.interval.high).toBeLessThanOrEqual(100)
        expect(found.interval.low).toBeLessThanOrEqual(found.mean)
        expect(found.interval.high).toBeGreaterThanOrEqual(found.mean)
        const sure = predicted(sessions, 0.99)
        expect(sure.interval.low).toBeLessThanOrEqual(found.interval.low)
        expect(sure.interval.high).toBeGreaterThanOrEqual(found.interval.high)
        expect(predicted(sessions.toReversed())).toEqual(found)
        expect(found.sessions).toBeGreaterThanOrEqual(1)
        expect(found.sessions).toBeLessThanOrEqual(50)
        expect(found.recommendations.length).toBeGreaterThan(0)
      }),
    )
  })

  it('looks at the last 50 only', () => {
    const recent = sessionsOf(sample(50, () => 12))
    const old = Array.from({ length: 30 }, () => ({ improvement: -90, at: NOW - 400 * DAY }))
    expect(predicted([...old, ...recent])).toEqual(predicted(recent))
  })

  it.each([
    ['an improvement that is none', { improvement: Number.NaN, at: NOW }],
    ['an improvement of 101', { improvement: 101, at: NOW }],
    ['a time that is none', { improvement: 1, at: Number.NaN }],
  ])('refuses %s', (_, session) => {
    const call = (): unknown => predictNext({ sessions: [...sessionsOf(EIGHT), session], now: NOW })
    expect(call).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })

  it('refuses a level of 1', () => {
    const call = (): unknown => predictNext({ sessions: sessionsOf(EIGHT), now: NOW, level: 1 })
    expect(call).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})

describe('recommendations', () => {
  const kinds = (sessions: readonly ScoredSession[], now = NOW): string[] => {
    const prediction = predictNext({ sessions, now })
    return prediction.outcome === 'too_few' ? [] : prediction.recommendations.map(({ kind }) => kind)
  }
  const steady = Array.from({ length: 50 }, (_, place) => 20 + (place % 2))

  it.each([
    ['a steady type', sessionsOf(steady), NOW, ['keep']],
    ['one that improves little', sessionsOf(steady.map((value) => value - 18)), NOW, ['adapt']],
    ['one that declines', sessionsOf(steady.map((value, place) => value + 40 - 0.6 * place)), NOW, ['review_strategy']],
    ['one that has rested', sessionsOf(steady), NOW + 8 * DAY, ['resume']],
    ['few and far results', sessionsOf([0, 60, 20, 70, 40]), NOW, ['collect_sessions', 'narrow_tasks']],
    [
      'much at once',
      sessionsOf([80, 60, 10, 5, -40]),
      NOW + 30 * DAY,
      ['adapt', 'review_strategy', 'collect_sessions', 'narrow_tasks', 'resume'],
    ],
  ])('for %s are by rule', (_, sessions, now, expected) => {
    expect(kinds(sessions, now)).toEqual(expected)
  })

  it('say the numbers that led to them', () => {
    const { recommendations } = predicted(sessionsOf(steady.map((value) => value - 18)))
    expect(recommendations[0]?.text).toBe('An improvement of 2.5 points is predicted, below 5: adapt the strategy.')
  })
})

describe('the judgement of a prediction', () => {
  const prediction = { interval: { low: 5, high: 10 }, level: 0.9, sessions: 2, madeAt: NOW, until: NOW + 7 * DAY }
  const later = (days: number, improvement: number): ScoredSession => ({ improvement, at: NOW + days * DAY })
  const judge = (sessions: readonly ScoredSession[], days: number): unknown =>
    judgePrediction({ prediction, sessions, now: NOW + days * DAY })

  it('is by the first sessions after it, as many as it speaks of', () => {
    const sessions = [later(3, 60), later(2, 12), later(1, 4), later(0, 90), later(-1, 90)]
    const judged = { outcome: 'judged', isHit: true, sessions: 2, came: 8, interval: prediction.interval, level: 0.9 }
    expect(judge(sessions, 3)).toEqual(judged)
    expect(judge(sessions, 60)).toEqual(judged)
  })

  it('waits for them until its end, and is then by those that came', () => {
    const one = [later(1, 30), later(8, 7)]
    expect(judge(one, 6.9)).toEqual({ outcome: 'open' })
    expect(judge(one, 7)).toMatchObject({ outcome: 'judged', isHit: false, sessions: 1, came: 30 })
    expect(judge(one, 9)).toMatchObject({ outcome: 'judged', sessions: 1, came: 30 })
    expect(judge([later(8, 7)], 9)).toEqual({ outcome: 'nothing_came' })
    expect(judge([later(2, 7), later(3, 7)], 1)).toEqual({ outcome: 'open' })
  })

  it('takes no improvement that is none', () => {
    expect(() => judge([later(1, Number.NaN)], 8)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})

describe('the hit rate', () => {
  const judged = (came: number, level = 0.9): JudgedPrediction => ({ interval: { low: 5, high: 10 }, level, came })

  it('of no prediction is not judged', () => {
    expect(hitRate([])).toEqual({ outcome: 'unjudged' })
  })

  it('counts what came within, the ends included, and says when the predictions claimed too much', () => {
    const rate = hitRate([judged(5), judged(10), judged(7), judged(4.9), judged(10.1, 0.8)])
    expect(rate).toMatchObject({ outcome: 'judged', hits: 3, of: 5, rate: 0.6, isBelowStated: false })
    if (rate.outcome === 'unjudged') throw new Error('unjudged')
    expect(rate.stated).toBeCloseTo(0.88, 12)
    // The Wilson interval of 3 of 5.
    expect(rate.interval.low).toBeCloseTo(0.2307, 4)
    expect(rate.interval.high).toBeCloseTo(0.8824, 4)
    const bad = hitRate(Array.from({ length: 20 }, (_, index) => judged(index < 10 ? 7 : 50)))
    expect(bad).toMatchObject({ rate: 0.5, isBelowStated: true })
  })

  it('of predictions that keep to the model is their level', () => {
    const random = seededRandom(51)
    const predictions = sample(600, () => 0).map(() => {
      const found = predicted(sessionsOf(sample(12, () => 5 + 9 * drawNormal(random))), 0.9)
      return { ...found, came: mean(sample(found.sessions, () => 5 + 9 * drawNormal(random))) ?? Number.NaN }
    })
    const rate = hitRate(predictions)
    if (rate.outcome === 'unjudged') throw new Error('unjudged')
    expect(rate.isBelowStated).toBe(false)
    expect(Math.abs(rate.rate - 0.9)).toBeLessThanOrEqual(0.05)
    const narrow = predictions.map((prediction) => ({
      ...prediction,
      interval: { low: prediction.mean - 1, high: prediction.mean + 1 },
    }))
    expect(hitRate(narrow)).toMatchObject({ isBelowStated: true })
  })

  it('forgives the rounding of a mean that was computed twice', () => {
    expect(hitRate([{ interval: { low: 0.3, high: 0.3 }, level: 0.9, came: 0.1 + 0.2 }])).toMatchObject({ hits: 1 })
  })

  it.each([[judged(Number.NaN)], [judged(7, 0)], [judged(7, 1)]])('refuses %o', (prediction) => {
    expect(() => hitRate([prediction])).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
  })
})
