import type { Risk } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MALFORMED } from './malformed.test.helper.ts'
import { honest, verdict } from './plane.test.helper.ts'
import { useWatch } from './watch.test.helper.ts'

const plane = useWatch(() => ({
  settings: { attachWithinMs: 2_000, modelAnswerMs: 1_500, reviewedPerAgent: 10_000, reviewBreakerMs: 1 },
}))
const { step, session } = plane
const sam = () => plane.test.user('sam', 'supervisor')
const reviewsOf = async (sessionId: string) =>
  (await plane.test.admin.reviews.list({ agent: 'bot' })).items.filter((review) => review.sessionId === sessionId)
const recordOf = async () => {
  const { items } = await plane.ana.reviewers.list()
  const judge = items.find(({ agent }) => agent === 'judge')
  if (judge === undefined) throw new Error('There is no reviewer.')
  return judge
}

const ACTIONS: Readonly<Record<string, Risk>> = {
  'order.read': 'safe',
  'note.write': 'medium',
  'refund.create': 'high',
  'ledger.close': 'critical',
}

describe('a reviewer that approves everything', () => {
  it('lets no step of high risk begin, whatever comes before it [WATCH-4, I-24]', async () => {
    plane.says(honest('approve'))
    let runs = 0
    const sequences = fc.array(fc.constantFrom(...Object.keys(ACTIONS)), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(sequences, async (actions) => {
        runs += 1
        const run = `any-${runs}`
        for (const action of actions) {
          const isHigh = ACTIONS[action] === 'high' || ACTIONS[action] === 'critical'
          const { status } = await step(action, { run }, isHigh ? { attachWithinMs: 100 } : {})
          expect({ action, status }).toEqual({ action, status: isHigh ? 'withheld' : 'executed' })
        }
        await plane.test.agent('bot').finish(run, { agent: 'bot', status: 'completed' })
      }),
      { numRuns: 12 },
    )
    const { items } = await plane.test.admin.reviews.list({ agent: 'bot', limit: 100 })
    expect(items.filter(({ risk }) => risk === 'high' || risk === 'critical')).toEqual([])
  }, 60_000)

  it('is stopped by what reviewers may let begin in a day, in sum [WATCH-3, I-24]', async () => {
    const { policies } = plane.test.admin
    const { version } = await policies.current()
    const most = { action: 'note.write', per: 'target', target: 'iban', spend: 'cents', most: 1_000 } as const
    const supervision = { reviewers: true }
    await policies.put({ supervision, review: { limits: [most] } }, { basedOn: version, reason: 'a test' })
    const pay = (cents: number) => step('note.write', { args: { cents, iban: 'AT1' } })
    expect(await pay(400)).toMatchObject({ status: 'executed' })
    expect(await pay(500)).toMatchObject({ status: 'executed' })
    expect(await pay(300)).toMatchObject({ status: 'withheld', decision: { route: 'queue' } })
    expect((await reviewsOf((await session()).id))[0]).toMatchObject({ verdict: 'approve', effect: 'none' })
    await policies.put({ supervision, review: { sample: 1 } }, { basedOn: version + 1, reason: 'a test' })
  })
})

describe('what people make of a run that a reviewer watched', () => {
  it('is asked of them for one step in twenty at least, and counts for the reviewer alone [WATCH-6, I-28]', async () => {
    plane.says(honest('approve'))
    const before = await plane.earned()
    const { record } = await recordOf()
    expect(await step('note.write')).toMatchObject({ status: 'executed' })
    const { id } = await session()
    const toRate = async () =>
      (await plane.test.admin.reviews.list({ state: 'to_rate' })).items.map(({ sessionId }) => sessionId)
    expect(await toRate()).toContain(id)
    await expect(plane.test.user('olga', 'supervisor').sessions.complete(id, { rating: 5 })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    expect(await sam().sessions.complete(id, { rating: 2 })).toMatchObject({ rating: 2, ratedBy: 'user:sam' })
    expect(await toRate()).not.toContain(id)
    expect((await recordOf()).record).toMatchObject({ agreed: record.agreed, disagreed: record.disagreed + 1 })
    expect(await plane.earned()).toEqual(before)
  })

  it('shows nothing where they agree in hindsight [WATCH-6, I-28]', async () => {
    // It was as good as it had to be, and no better: one disagreement makes it advice again.
    expect((await recordOf()).record.counts.medium).toBe(false)
    expect(await step('note.write')).toMatchObject({ status: 'withheld' })
    await plane.earn()
    const { record } = await recordOf()
    expect(await step('note.write')).toMatchObject({ status: 'executed' })
    await sam().sessions.complete((await session()).id, { rating: 5 })
    expect((await recordOf()).record).toMatchObject({ agreed: record.agreed, disagreed: record.disagreed })
  })

  it('counts where they intervene against what it let begin [WATCH-6, I-28]', async () => {
    const { record } = await recordOf()
    expect(await step('note.write', { run: 'ended' })).toMatchObject({ status: 'executed' })
    const { id } = await session()
    await sam().sessions.takeOver(id, 'That was wrong.')
    await sam().sessions.intervene(id, { type: 'terminate', reason: 'That was wrong.' })
    expect((await recordOf()).record.disagreed).toBe(record.disagreed + 1)
    await plane.earn()
  })
})

describe('a reply that is no verdict', () => {
  it('pauses the run and hands it to people, whatever it is [WATCH-3, I-25]', async () => {
    const wrong: string[] = []
    for (const [name, reply] of Object.entries(MALFORMED)) {
      plane.says((question) => (question.isCanary ? verdict('deny', question) : reply(question)))
      const before = await session()
      const waiting = step('note.write', { args: { name } })
      await expect.poll(async () => (await session()).id).not.toBe(before.id)
      await expect.poll(async () => (await session()).pausedBy, { timeout: 5_000 }).toBe('agent:judge')
      const { id, supervisorId } = await session()
      const reviews = await reviewsOf(id)
      await plane.test.admin.sessions.intervene(id, { type: 'terminate', reason: 'The next one.' })
      const { status } = await waiting
      const isLeft = reviews.length === 1 && reviews[0]?.isFault === true && reviews[0].effect === 'none'
      if (status !== 'withheld' || supervisorId !== null || !isLeft) wrong.push(name)
      // Faults in a row close the way to the model for a while.
      plane.later(61_000)
    }
    expect(wrong).toEqual([])
    expect(Object.keys(MALFORMED).length).toBeGreaterThanOrEqual(60)
  }, 60_000)
})

describe('a reviewer that people differ from', () => {
  it('is suspended, and what it watches is for people then [WATCH-6, I-28]', async () => {
    plane.says(honest('approve'))
    const rated: string[] = []
    while (rated.length < 8) {
      expect(await step('note.write')).toMatchObject({ status: 'executed' })
      rated.push((await session()).id)
    }
    for (const id of rated) await sam().sessions.complete(id, { rating: 1 })
    const asked = plane.asked.length
    expect(await step('note.write')).toMatchObject({ status: 'withheld', decision: { route: 'queue' } })
    expect(plane.asked.length).toBe(asked)
    expect(await recordOf()).toMatchObject({ state: 'suspended' })
  }, 30_000)
})
