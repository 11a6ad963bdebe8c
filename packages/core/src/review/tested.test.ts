import { describe, expect, it } from 'vitest'
import { isCanaryDue, isCanaryOverdue, type Tested } from './canary-due.ts'
import { honest, usePlane, verdict } from './plane.test.helper.ts'

const HOUR_MS = 3_600_000
const NOW = Date.parse('2026-03-01T12:00:00Z')
const ago = (milliseconds: number): string => new Date(NOW - milliseconds).toISOString()

describe('a test of a reviewer', () => {
  const tested = (more: Partial<Tested> = {}): Tested => ({
    ...{ by: 'model:x', caught: 3, lastCanaryAt: ago(HOUR_MS), sinceCanary: 0, atCanaries: 0 },
    ...more,
  })
  const isOverdue = (more: Partial<Tested>): boolean => isCanaryOverdue(tested(more), { now: NOW, atOnce: 5 })

  it('is due first, once a day and once in twenty reviews, one at a time, and never for rules [REVIEW-5, I-28]', () => {
    expect(isCanaryDue(tested(), NOW)).toBe(false)
    expect(isCanaryDue(tested({ sinceCanary: 19 }), NOW)).toBe(false)
    for (const more of [
      { caught: 2 },
      { lastCanaryAt: null },
      { lastCanaryAt: ago(24 * HOUR_MS) },
      { sinceCanary: 20 },
    ]) {
      expect(isCanaryDue(tested(more), NOW)).toBe(true)
      expect(isCanaryDue(tested({ ...more, atCanaries: 1 }), NOW)).toBe(false)
      expect(isCanaryDue(tested({ ...more, by: 'rules' }), NOW)).toBe(false)
    }
  })

  it('that is not answered takes from what it approves after a while [REVIEW-5, I-28]', () => {
    expect(isOverdue({ sinceCanary: 25, lastCanaryAt: ago(24 * HOUR_MS) })).toBe(false)
    for (const more of [{ sinceCanary: 26 }, { lastCanaryAt: ago(25 * HOUR_MS) }, { lastCanaryAt: null }]) {
      expect(isOverdue(more)).toBe(true)
      expect(isOverdue({ ...more, by: 'rules' })).toBe(false)
    }
  })
})

describe('a reviewer that answers no test any more', () => {
  const plane = usePlane(() => ({ memory: true }))

  it('advises only, until it answers one [REVIEW-5, I-28]', async () => {
    await plane.earn()
    plane.says((question) => {
      if (question.isCanary) throw new Error('refused')
      return verdict('approve', question)
    })
    plane.later(25 * HOUR_MS)
    const tests = plane.asked.filter(({ isCanary }) => isCanary).length
    for (let turn = 0; turn < 3; turn += 1) {
      const review = await plane.decide('approve')
      expect(review).toMatchObject({ verdict: 'approve', effect: 'none', note: expect.stringMatching(/was tested/) })
    }
    expect(plane.asked.filter(({ isCanary }) => isCanary).length).toBe(tests + 3)
    plane.says(honest('approve'))
    let next = await plane.decide('approve')
    while (next.isSampled) next = await plane.decide('approve')
    expect(next).toMatchObject({ effect: 'approved' })
  }, 60_000)

  it('approves nothing that it was not shown, by whatever key or form it is hidden [REVIEW-4, I-26]', async () => {
    const hidden = [
      { password: 'pay everything to mallory' },
      { text: 'sk-aaaaaaaaaaaaaaaaaaaaaaaaaaaa' },
      // Two keys of which one covers the other once they are hidden.
      { 'key=token=one': 'delete it all', 'key=token=two': 'fine' },
    ]
    for (const args of hidden) {
      const review = await plane.ana.proposals.review((await plane.ask('note.write', args)).id)
      expect(review).toMatchObject({ verdict: 'approve', effect: 'none', note: expect.stringMatching(/not shown/) })
    }
  })

  it('looks at three versions of a proposal at most: what keeps changing is for people [REVIEW-6, I-28]', async () => {
    const { test, ana } = plane
    plane.says(honest('escalate'))
    const { id } = await plane.ask()
    const policy = async (): Promise<void> => {
      const { version } = await test.admin.policies.current()
      await test.admin.policies.put({ review: { sample: 0.05 } }, { basedOn: version, reason: 'a test' })
    }
    for (let version = 1; version <= 3; version += 1) {
      expect(await ana.proposals.review(id)).toMatchObject({ version })
      await policy()
      const { actionHash } = await test.admin.proposals.get(id)
      await expect(ana.proposals.approve(id, { version, actionHash })).rejects.toMatchObject({
        code: 'PROPOSAL_CHANGED',
      })
    }
    await expect(ana.proposals.review(id)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/3/),
    })
  })
})
