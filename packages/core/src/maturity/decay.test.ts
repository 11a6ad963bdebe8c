import type { Trigger } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestClock, type TestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const DAY = 86_400_000
const WEEK = 7 * DAY

describe('what is not used', () => {
  let test: TestGovernor
  let clock: TestClock

  beforeAll(async () => {
    clock = createTestClock({ at: Date.UTC(2026, 0, 5, 12) })
    test = await createTestGovernor({ clock })
  })
  afterAll(() => test.close())

  const decay = () => test.governor.jobs.run('decay', { workspace: 'default' })
  const confidence = async (agent: string, capability?: string) =>
    (await test.admin.agents.promotion(agent, capability === undefined ? {} : { capability })).confidence
  const use = (agent: string, action: string, more: Partial<Trigger> = {}) =>
    test.agent(agent).decide({ agent, action, args: {}, ...more })
  const register = (id: string, points: number) =>
    test.admin.agents.register({ id, confidence: points, ownerId: 'system' })
  const trustCapability = async () => {
    const { version } = await test.admin.policies.current()
    await test.admin.policies.put({ promotion: { trust: 'capability' } }, { basedOn: version, reason: 'a test' })
  }

  it('loses 100 points for each week after 30 days, once for each week [MAT-9]', async () => {
    await register('idle', 8_000)
    clock.advance(30 * DAY + WEEK - 1)
    await decay()
    expect(await confidence('idle')).toBe(8_000)
    clock.advance(1)
    await decay()
    await decay()
    expect(await confidence('idle')).toBe(7_900)
    // Weeks in which nobody looked are not forgiven.
    clock.advance(3 * WEEK)
    await Promise.all([decay(), decay(), decay()])
    expect(await confidence('idle')).toBe(7_600)
    const { items } = await test.admin.agents.confidence('idle')
    expect(items.map(({ kind, requested, applied }) => [kind, requested, applied])).toEqual([
      ['decay', -300, -300],
      ['decay', -100, -100],
      ['registration', 8_000, 8_000],
    ])
    const told = await test.admin.journal.list({ kind: 'confidence.changed', agent: 'idle' })
    expect(told.items[0]?.body).toMatchObject({ kind: 'decay', actor: 'system:decay', applied: -300 })
  })

  it('never falls below the floor of its band, nor loses its level [MAT-9]', async () => {
    await register('floored', 7_150)
    const host = test.governor.as({ workspace: 'default', principal: { kind: 'system', id: 'host', roles: [] } })
    const { id } = await host.stops.set({ target: 'all', reason: 'What belongs to no workspace has a journal, too.' })
    await host.stops.lift(id, 'a test')
    clock.advance(400 * DAY)
    // As the schedule runs it: in every workspace that has a journal.
    for (const job of ['seal-journal', 'decay', 'decay', 'check-promotion']) await test.governor.jobs.run(job, {})
    expect(await test.admin.agents.get('floored')).toMatchObject({ maturity: 'supervised', confidence: 7_000 })
    const { items } = await test.admin.agents.confidence('floored')
    expect(items[0]).toMatchObject({ kind: 'decay', applied: -150 })
    expect(items).toHaveLength(2)
  })

  it('is used by any decision, and begins anew after it [MAT-9]', async () => {
    await register('busy', 8_000)
    clock.advance(25 * DAY)
    await use('busy', 'order.read')
    clock.advance(30 * DAY)
    await decay()
    expect(await confidence('busy')).toBe(8_000)
    clock.advance(WEEK)
    await decay()
    expect(await confidence('busy')).toBe(7_900)
    await use('busy', 'order.read')
    clock.advance(30 * DAY + WEEK)
    await decay()
    expect(await confidence('busy')).toBe(7_800)
  })

  it('is each capability by itself under capability trust, and the whole agent is left alone [MAT-9, MAT-13]', async () => {
    await register('skilled', 8_000)
    await trustCapability()
    for (const capability of ['refund', 'order']) {
      await test.admin.agents.promote('skilled', 'a test', { capability })
    }
    // Students at 3,000, with a floor of 0.
    await test.admin.agents.recordIncident('skilled', 'a test')
    for (const capability of ['refund', 'order']) expect(await confidence('skilled', capability)).toBe(3_000)
    clock.advance(20 * DAY)
    await use('skilled', 'order.read')
    clock.advance(17 * DAY)
    await decay()
    expect(await confidence('skilled', 'order')).toBe(3_000)
    expect(await confidence('skilled', 'refund')).toBe(2_900)
    expect(await test.admin.agents.get('skilled')).toMatchObject({ maturity: 'intern', confidence: 6_000 })
    clock.advance(20 * DAY)
    await use('skilled', 'refund.create')
    await decay()
    expect(await confidence('skilled', 'order')).toBe(2_900)
    expect(await confidence('skilled', 'refund')).toBe(2_900)
  })
})
