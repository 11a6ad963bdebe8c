import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const DAY = 86_400_000
const BEGIN = Date.UTC(2026, 2, 1, 6)
const clock = createTestClock({ at: BEGIN })
const day = (count: number): string => new Date(BEGIN + count * DAY).toISOString()

let test: TestGovernor

beforeAll(async () => {
  test = await createTestGovernor({ clock })
  const { agents } = test.admin
  const passTo = (count: number): void => clock.advance(BEGIN + count * DAY - clock.now())
  for (const id of ['quick', 'leaver', 'stuck']) await test.register(id, 'student')
  await test.register('back', 'intern')
  passTo(3)
  await agents.promote('quick', 'It has learned.')
  passTo(5)
  await agents.demote('back', 'student', 'It has not.')
  passTo(6)
  await agents.retire('leaver', 'No longer needed.')
  passTo(9)
  await agents.promote('back', 'Now it has.')
  passTo(30)
})
afterAll(() => test.close())

describe('maturity', () => {
  it('is a population at the end of each day, without those who retired [ANL-3]', async () => {
    const { population } = await test.admin.analytics.maturity({ from: day(0), to: day(10) })
    const shown = population.map(({ at, agents }) => [at.slice(5, 10), agents.student, agents.intern])
    expect(shown).toEqual([
      ['03-01', 3, 1],
      ['03-02', 3, 1],
      ['03-03', 3, 1],
      ['03-04', 2, 2],
      ['03-05', 2, 2],
      ['03-06', 3, 1],
      ['03-07', 2, 1],
      ['03-08', 2, 1],
      ['03-09', 2, 1],
      ['03-10', 1, 2],
      ['03-11', 1, 2],
    ])
    const later = await test.admin.analytics.maturity({ from: day(20), to: day(21) })
    expect(later.population.every(({ agents }) => agents.student === 1 && agents.intern === 2)).toBe(true)
  })

  it('counts moves in the range by where, where to and why [ANL-3]', async () => {
    const { transitions } = await test.admin.analytics.maturity({ from: day(0), to: day(10) })
    expect(transitions).toEqual([
      { from: 'student', to: 'intern', cause: 'person', count: 2 },
      { from: 'intern', to: 'student', cause: 'person', count: 1 },
    ])
    const before = await test.admin.analytics.maturity({ from: day(3), to: day(9), agent: 'back' })
    expect(before.transitions).toEqual([{ from: 'intern', to: 'student', cause: 'person', count: 1 }])
  })

  it('measures stays that ended with a move, and those that last [ANL-3]', async () => {
    const { stays } = await test.admin.analytics.maturity({ from: day(0), to: day(10) })
    expect(stays).toEqual([
      { maturity: 'student', ended: 2, meanDays: 3.5, medianDays: 3.5, staying: 1, stayingMeanDays: 10 },
      { maturity: 'intern', ended: 1, meanDays: 5, medianDays: 5, staying: 2, stayingMeanDays: 4 },
      { maturity: 'supervised', ended: 0, meanDays: null, medianDays: null, staying: 0, stayingMeanDays: null },
      { maturity: 'autonomous', ended: 0, meanDays: null, medianDays: null, staying: 0, stayingMeanDays: null },
    ])
  })

  it('is that of a capability for those who have a record of it [ANL-3]', async () => {
    const { population, stays } = await test.admin.analytics.maturity({
      from: day(0),
      to: day(10),
      capability: 'refund',
    })
    expect(population.every(({ agents }) => Object.values(agents).every((count) => count === 0))).toBe(true)
    expect(stays.every(({ ended, staying }) => ended + staying === 0)).toBe(true)
  })
})

describe('the targets of training', () => {
  it('hold students against 14 days, once those are over, and leave out who retired before [ANL-5]', async () => {
    const targets = async (from: number, to: number) =>
      (await test.admin.analytics.training({ from: day(from), to: day(to) })).targets
    expect(await targets(10, 20)).toContainEqual({
      name: 'intern_within_14_days',
      comparison: 'at_least',
      target: 0.8,
      actual: 1 / 2,
      of: 2,
      isMet: false,
    })
    expect(await targets(0, 10)).toContainEqual(
      expect.objectContaining({ name: 'intern_within_14_days', actual: null, of: 0, isMet: null }),
    )
    expect(await targets(0, 10)).toContainEqual({
      name: 'days_to_intern',
      comparison: 'at_most',
      target: 7,
      actual: 3.5,
      of: 2,
      isMet: true,
    })
  })
})
