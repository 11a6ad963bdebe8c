import type { AnalyticsTarget } from '@preceptor/client'
import { describeWithPostgres } from '@preceptor/test-setup'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DAY, useAlerts } from '../alerts/alerts.test.helper.ts'
import { missedTargets } from './missed-targets.ts'

it('a target is missed where it is not met in enough cases, and never of nothing [ALERT-12]', () => {
  const target: fc.Arbitrary<AnalyticsTarget> = fc.record({
    name: fc.constantFrom('completion', 'days_to_intern'),
    comparison: fc.constant('above'),
    target: fc.constant(0.9),
    actual: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    of: fc.nat(50),
    isMet: fc.option(fc.boolean()),
  })
  fc.assert(
    fc.property(fc.array(target), fc.integer({ min: 5, max: 40 }), (targets, cases) => {
      const missed = missedTargets(targets, cases)
      for (const one of targets) {
        expect(missed.includes(one)).toBe(one.isMet !== null && !one.isMet && one.of > cases - 1)
      }
    }),
  )
})

describeWithPostgres('missed targets of training', () => {
  const alerts = useAlerts()
  const { clock, look, open, told } = alerts

  async function attempt(agents: number, times: number, key: string): Promise<void> {
    clock.advance(1_000)
    for (let agent = 0; agent < agents; agent += 1) {
      for (let time = 0; time < times; time += 1) {
        const trigger = { agent: `pupil-${agent}`, action: 'refund.create', args: {}, idempotencyKey: `${key}-${time}` }
        await alerts.test.agent(trigger.agent).decide(trigger)
      }
    }
    clock.advance(1_000)
  }

  it('are told of from enough cases on, with the numbers, until they are met [ALERT-12]', async () => {
    for (let agent = 0; agent < 5; agent += 1) await alerts.test.register(`pupil-${agent}`, 'student')
    await attempt(5, 1, 'first')
    await look()
    expect(await open('TRAINING_BEHIND')).toEqual([])
    const preview = await alerts.test.admin.alerts.previewRule('TRAINING_BEHIND', { thresholds: { cases: 5 } })
    expect(preview).toMatchObject({ count: 1, causes: [{ subjectId: 'proposals_per_trigger', agent: null }] })
    const asked = { thresholds: { cases: 5 }, basedOn: 0, reason: 'We are few.' }
    await alerts.test.admin.alerts.changeRule('TRAINING_BEHIND', asked)
    await look()
    await look()
    expect(await open('TRAINING_BEHIND')).toEqual(['proposals_per_trigger'])
    const [{ message } = { message: '' }] = (await alerts.test.admin.alerts.list({ state: 'open' })).items
    expect(message).toBe(
      'Courses were proposed for 100.0 % (of 5 triggers of students, in 30 days); the target is below 10.0 %.',
    )
    await attempt(5, 10, 'more')
    await look()
    expect(await open('TRAINING_BEHIND')).toEqual([])
    expect(await told('TRAINING_BEHIND', 'proposals_per_trigger')).toEqual(['alert.raised', 'alert.cleared'])
    clock.advance(13 * DAY)
    await look()
    expect(await open('TRAINING_BEHIND')).toEqual([])
    clock.advance(2 * DAY)
    await look()
    expect(await open('TRAINING_BEHIND')).toEqual(['intern_within_14_days'])
    // What lies before the window does not count any more.
    clock.advance(31 * DAY)
    await look()
    expect(await open('TRAINING_BEHIND')).toEqual([])
  })
})
