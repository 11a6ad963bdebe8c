import { describe, expect, it } from 'vitest'
import { ALARM, type DetectorState, detect, detectorLevel, FRESH_DETECTOR } from './change-detector.ts'
import { seededRandom } from './seeded-random.test.helper.ts'

const P0 = 0.85

/** How many outcomes until the alarm; undefined when there was none. */
function outcomesToAlarm(rate: number, most: number, random: () => number): number | undefined {
  let state: DetectorState = FRESH_DETECTOR
  for (let count = 1; count <= most; count += 1) {
    state = detect(state, { succeeded: random() < rate, p0: P0 })
    if (detectorLevel(state) >= ALARM) return count
  }
  return undefined
}

function sortedRuns(rate: number, runs: number): readonly number[] {
  const random = seededRandom(Math.round(rate * 100))
  const counts = Array.from({ length: runs }, () => outcomesToAlarm(rate, 500, random) ?? Number.POSITIVE_INFINITY)
  return counts.sort((first, second) => first - second)
}

describe('the change detector', () => {
  it('lets an agent of 95 % be, over 6,000 actions [MAT-10]', () => {
    const random = seededRandom(3)
    for (let agent = 0; agent < 20; agent += 1) expect(outcomesToAlarm(0.95, 6_000, random)).toBeUndefined()
  })

  it('catches an agent that falls to 50 % within 40 actions in 95 % of the runs [MAT-10]', () => {
    const counts = sortedRuns(0.5, 400)
    expect(counts[379]).toBeLessThanOrEqual(40)
    expect(counts[200]).toBeLessThanOrEqual(16)
  })

  it('catches it as fast after a long good record [MAT-10]', () => {
    const random = seededRandom(17)
    const counts = Array.from({ length: 200 }, () => {
      let state = FRESH_DETECTOR
      for (let good = 0; good < 300; good += 1) state = detect(state, { succeeded: random() < 0.95, p0: P0 })
      let count = 0
      for (; detectorLevel(state) < ALARM; count += 1) state = detect(state, { succeeded: random() < 0.5, p0: P0 })
      return count
    }).sort((first, second) => first - second)
    expect(counts[189]).toBeLessThanOrEqual(40)
  })

  it('catches an agent that falls to 20 % at once [MAT-10]', () => {
    expect(sortedRuns(0.2, 400)[200]).toBeLessThanOrEqual(7)
  })

  it('does not forget: what was stored goes on where it was', () => {
    const stored = JSON.parse(JSON.stringify(detect(FRESH_DETECTOR, { succeeded: false, p0: P0 }))) as DetectorState
    expect(detectorLevel(detect(stored, { succeeded: false, p0: P0 }))).toBeGreaterThan(detectorLevel(stored))
  })

  it.each([[[]], [[Number.NaN]], [new Array(100).fill(-1)], [new Array(100).fill(Number.POSITIVE_INFINITY)]])(
    'takes no state that is none',
    (state) => {
      expect(() => detect(state, { succeeded: true, p0: P0 })).toThrow(/100 numbers/)
      expect(() => detectorLevel(state)).toThrow(/100 numbers/)
    },
  )

  it.each([0, 1, Number.NaN])('takes no rate of %s', (p0) => {
    expect(() => detect(FRESH_DETECTOR, { succeeded: true, p0 })).toThrow(/between 0 and 1/)
  })
})
