import { createTestClock } from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FeedbackGovernor, openFeedbackGovernor } from '../feedback/feedback-governor.test.helper.ts'
import { parseFeedbackOptions } from '../feedback/feedback-options.ts'
import { countUnapplied, listHeldOut, listTeachable, listWaiting, markApplied } from './training-store.ts'

const DAY_MS = 86_400_000
const clock = createTestClock({ at: Date.parse('2026-03-01T00:00:00Z') })
const of = { agentType: 'generic' }
let test: FeedbackGovernor

beforeAll(async () => {
  test = await openFeedbackGovernor({ clock }, { keepDays: 10 })
  await test.register('bot', 'autonomous')
})
afterAll(() => test.close())

const at = (): string => new Date(clock.now()).toISOString()

async function correct(correction: string): Promise<string> {
  const { exampleId } = await test.as('root', 'admin').feedback.give({
    agent: 'bot',
    kind: 'correction',
    input: `Ask for ${correction}`,
    output: 'No.',
    correction,
    about: { kind: 'outside', id: 'chat' },
  })
  return exampleId ?? ''
}

describe('examples in training', () => {
  it('are those that no run used, most frequent first, and never those that test', async () => {
    const ids: string[] = []
    for (let count = 0; count < 20; count += 1) ids.push(await correct(`Case ${count}.`))
    const unapplied = await test.inStore((tx) =>
      listTeachable(tx, { ...of, above: 0, ofPeopleOnly: false, limit: 100 }),
    )
    const heldOut = await test.inStore((tx) => listHeldOut(tx, { ...of, order: 'a test', limit: 100 }))
    expect(unapplied.length).toBeGreaterThan(5)
    expect(heldOut.length).toBeGreaterThan(1)
    expect([...unapplied, ...heldOut].map(({ id }) => id).sort()).toEqual([...ids].sort())
    expect(unapplied.some(({ isHeldOut }) => isHeldOut)).toBe(false)
    expect(heldOut.every(({ isHeldOut }) => isHeldOut)).toBe(true)
    const last = unapplied.at(-1)
    await correct(last?.correction ?? '')
    const [first] = await test.inStore((tx) => listTeachable(tx, { ...of, above: 0, ofPeopleOnly: false, limit: 1 }))
    expect(first).toMatchObject({ id: last?.id, occurrences: 2 })
  })

  it('are applied once, by one run', async () => {
    const [first, second] = await test.inStore((tx) =>
      listTeachable(tx, { ...of, above: 0, ofPeopleOnly: false, limit: 2 }),
    )
    const [tests] = await test.inStore((tx) => listHeldOut(tx, { ...of, order: 'a test', limit: 1 }))
    const ids = [first, second, tests].flatMap((one) => one?.id ?? [])
    const before = await test.inStore((tx) => countUnapplied(tx, of))
    expect(await test.inStore((tx) => markApplied(tx, { ids, run: 'trn_1', at: at() }))).toBe(2)
    expect(await test.inStore((tx) => markApplied(tx, { ids, run: 'trn_2', at: at() }))).toBe(0)
    expect(await test.inStore((tx) => countUnapplied(tx, of))).toBe(before - 2)
    const { examples } = test.as('root', 'admin')
    expect(await examples.get(first?.id ?? '')).toMatchObject({ appliedBy: 'trn_1' })
    expect(await examples.get(tests?.id ?? '')).toMatchObject({ appliedBy: null })
    expect((await examples.list({ isApplied: true })).items.map(({ id }) => id).sort()).toEqual(
      [first?.id, second?.id].sort(),
    )
  })

  it('are counted from a time on, and found by type over all workspaces', async () => {
    const since = at()
    expect(await test.inStore((tx) => countUnapplied(tx, { ...of, since }))).toBe(0)
    clock.advance(1_000)
    const added = await Promise.all(['x', 'y', 'z', 'u', 'v'].map((text) => correct(`Later ${text}.`)))
    const { items } = await test.as('root', 'admin').examples.list({ isHeldOut: false, limit: 100 })
    const later = items.filter(({ id }) => added.includes(id)).length
    expect(await test.inStore((tx) => countUnapplied(tx, { ...of, since }))).toBe(later)
    const count = await test.inStore((tx) => countUnapplied(tx, of))
    const waiting = await test.inStore((tx) => listWaiting(tx, { least: count }), 'system')
    expect(waiting).toEqual([{ workspace: 'default', agentType: 'generic', count }])
    expect(await test.inStore((tx) => listWaiting(tx, { least: count + 1 }), 'system')).toEqual([])
  })
})

describe('feedback over time', () => {
  it('tells how long runs took from the decision on, and whether answers get better', async () => {
    const agent = test.governor.as({ workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] } })
    for (const took of [1_000, 3_000]) {
      await agent.guard({ agent: 'bot', action: 'refund.create', args: { took } }, () => clock.advance(took))
    }
    const { feedback } = test.as('root', 'admin')
    const metrics = await feedback.metrics('bot')
    expect(metrics.responseTimeMs).toEqual({ mean: 2_000, p95: 3_000, runs: 2 })
    clock.advance(20 * DAY_MS)
    await feedback.give({
      agent: 'bot',
      kind: 'positive',
      input: 'a',
      output: 'b',
      about: { kind: 'outside', id: 'c' },
    })
    expect(await feedback.metrics('bot')).toMatchObject({ improvementRate: 1 })
    expect((await feedback.metrics('bot', { days: 5 })).byKind).toMatchObject({ positive: 1, correction: 0 })
  })

  it('is removed when it is older than the host says; its examples stay', async () => {
    const { feedback, examples } = test.as('root', 'admin')
    const before = (await examples.list({ limit: 100 })).items.length
    await test.governor.jobs.run('learning-prune-feedback', {})
    const { items } = await feedback.list({ limit: 100 })
    expect(items.map(({ kind }) => kind)).toEqual(['positive'])
    expect((await examples.list({ limit: 100 })).items).toHaveLength(before)
  })

  it.each([
    { heldOutShare: 1 },
    { heldOutShare: -0.1 },
    { heldOutShare: Number.NaN },
    { keepDays: 0 },
    { keepDays: 1.5 },
  ])('has no option %o', (options) => {
    expect(() => parseFeedbackOptions(options)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
  })
})
