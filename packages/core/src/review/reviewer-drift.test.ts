import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { honest, usePlane } from './plane.test.helper.ts'
import { driftOf } from './reviewer-drift.ts'

const RULE = { percent: 85, verdicts: 8 }
const judged = (agreed: number, disagreed: number) =>
  Array.from({ length: agreed + disagreed }, (_, place) => ({ risk: 'medium', agreed: place >= disagreed }) as const)

describe('a reviewer that people agree with less and less', () => {
  const plane = usePlane(() => ({ memory: true }))

  it('is told of before it is suspended, and not any more when they agree again [ALERT-9]', async () => {
    const { test, ana } = plane
    const look = () => test.governor.jobs.run('check-slow-alerts', { workspace: 'default' })
    const open = async () =>
      (await ana.alerts.list({ state: 'open', limit: 100 })).items.filter(({ code }) => code === 'REVIEWER_DRIFT')
    plane.says(honest('approve'))
    for (let turn = 0; turn < 8; turn += 1) await plane.decide('approve')
    await plane.decide('reject')
    await look()
    // 8 of 9 are 89 %.
    expect(await open()).toEqual([])
    await plane.decide('reject')
    await look()
    await look()
    expect(await open()).toMatchObject([{ subjectId: 'judge', agent: 'judge', severity: 'warning' }])
    expect((await open())[0]?.message).toContain('in 8 of its last 10 verdicts')
    expect((await ana.reviewers.list()).items).toMatchObject([{ state: 'active' }])
    for (let turn = 0; turn < 4; turn += 1) await plane.decide('approve')
    await look()
    expect(await open()).toEqual([])
  }, 60_000)
})

describe('the agreement of late', () => {
  it.each([
    [17, 3, undefined],
    [16, 4, { agreed: 16, count: 20 }],
    [0, 7, undefined],
    [0, 8, { agreed: 0, count: 8 }],
    [8, 0, undefined],
  ])('with %i agreed and %i not is %j [ALERT-9]', (agreed, disagreed, drift) => {
    expect(driftOf(judged(agreed, disagreed), RULE)).toEqual(drift)
  })

  it('goes by the last 20 verdicts alone [ALERT-9]', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), fc.integer({ min: 76, max: 99 }), (all, percent) => {
        const verdicts = all.map((agreed) => ({ risk: 'safe', agreed }) as const)
        const last = all.slice(0, 20)
        const share = last.filter(Boolean).length / last.length
        const isDrift = last.length >= 8 && share < percent / 100 - 1e-9
        expect(driftOf(verdicts, { percent, verdicts: 8 }) !== undefined).toBe(isDrift)
      }),
    )
  })
})
