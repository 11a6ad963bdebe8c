import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSampled } from './is-sampled.ts'
import { type Judged, standingOf } from './reviewer-standing.ts'
import { type Candidate, type Reviewed, selectReviewer } from './select-reviewer.ts'

const owner = fc.constantFrom('olga', 'paul')
const category = fc.constantFrom(null, 'Finance', 'finance', 'Sales')
const fingerprint = fc.constantFrom({}, { version: '1' }, { version: '2' })
const candidate: fc.Arbitrary<Candidate> = fc.record({
  agent: fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    ownerId: owner,
    category,
    specialty: fc.constantFrom(null, 'refund', 'mail'),
    capabilities: fc.subarray(['refund', 'order']),
    lifecycle: fc.constantFrom(
      'active',
      ...Array.from({ length: 9 }, () => 'active' as const),
      'paused',
      'stopped',
      'retired',
    ),
    maturity: fc.constantFrom(
      'autonomous',
      ...Array.from({ length: 9 }, () => 'autonomous' as const),
      'supervised',
      'intern',
      'student',
    ),
    confidence: fc.constantFrom(8_999, 9_000, 10_000),
    fingerprint,
    fingerprintCapped: fc.constantFrom(false, false, false, true),
  }),
  isSuspended: fc.constantFrom(false, false, false, true),
  isStopped: fc.constantFrom(false, false, false, true),
  load: fc.nat(6),
  record: fc.constantFrom(0, 1, 2),
})
const reviewed: fc.Arbitrary<Reviewed> = fc.record({
  agents: fc.uniqueArray(fc.constantFrom('a', 'b', 'x'), { minLength: 1 }),
  proposedBy: fc.constantFrom('agent:a', 'agent:c', 'user:ana'),
  agent: fc.record({ ownerId: owner, category, fingerprint }),
  capability: fc.constantFrom('refund', 'mail', ''),
})
const all = fc.uniqueArray(candidate, { selector: ({ agent }) => agent.id, minLength: 3, maxLength: 6 })
const MOST = 5

describe('the choice of a reviewer', () => {
  it('is an agent that is trusted, of the field, free, and has no hand in what it judges [REVIEW-1, I-27]', () => {
    let chosen = 0
    fc.assert(
      fc.property(all, reviewed, (candidates, about) => {
        const choice = selectReviewer(candidates, about, MOST)
        if (choice === undefined) return
        chosen += 1
        const { agent, load, isSuspended, isStopped } = choice
        expect(agent).toMatchObject({ maturity: 'autonomous', lifecycle: 'active', fingerprintCapped: false })
        expect(agent.confidence).toBeGreaterThanOrEqual(9_000)
        expect([isSuspended, isStopped, load < MOST]).toEqual([false, false, true])
        expect(about.agents).not.toContain(agent.id)
        expect(about.proposedBy).not.toBe(`agent:${agent.id}`)
        const isTwin =
          agent.ownerId === about.agent.ownerId &&
          JSON.stringify(agent.fingerprint) === JSON.stringify(about.agent.fingerprint)
        expect(isTwin).toBe(false)
        const isOfCategory =
          agent.category !== null && agent.category.toLowerCase() === about.agent.category?.toLowerCase()
        const knows = [agent.specialty, ...agent.capabilities].includes(about.capability)
        expect(isOfCategory || knows).toBe(true)
      }),
      { numRuns: 2_000 },
    )
    expect(chosen).toBeGreaterThan(100)
  })

  it('does not depend on the order, and the better record wins within the same nearness [REVIEW-1]', () => {
    fc.assert(
      fc.property(all, reviewed, (candidates, about) => {
        const choice = selectReviewer(candidates, about, MOST)
        expect(selectReviewer([...candidates].reverse(), about, MOST)).toEqual(choice)
        if (choice === undefined) return
        const better = candidates.filter(
          (one) => one.record > choice.record && one.agent.category === choice.agent.category,
        )
        // Whoever is better, as near and was not taken may not review.
        for (const one of better) expect(selectReviewer([one], about, MOST)).toBeUndefined()
      }),
    )
  })
})

describe('the record of a reviewer', () => {
  const judged = (agreed: number, disagreed: number, risk: Judged['risk'] = 'medium'): readonly Judged[] => [
    ...Array.from({ length: agreed }, () => ({ risk, agreed: true })),
    ...Array.from({ length: disagreed }, () => ({ risk, agreed: false })),
  ]
  const standing = (of: readonly Judged[], more: object = {}, by = 'model:x') =>
    standingOf(by, { judged: of, caught: 3, missed: 0, decided: 0, ...more })

  it('counts for medium risk from 28 of 28 on, for safe from fewer, and never without canaries [REVIEW-3]', () => {
    expect(standing(judged(27, 0)).record.counts).toEqual({ safe: true, medium: false })
    expect(standing(judged(28, 0)).record.counts).toEqual({ safe: true, medium: true })
    expect(standing(judged(28, 0), { caught: 2 }).record.counts).toEqual({ safe: false, medium: false })
    expect(standing(judged(100, 0, 'safe')).record.counts).toEqual({ safe: true, medium: false })
    expect(standing([], { caught: 0 }, 'rules').record.counts).toEqual({ safe: true, medium: false })
  })

  it('suspends at a canary that was missed, and where people often see it otherwise [REVIEW-5, I-28]', () => {
    expect(standing([], { missed: 1 }).suspendFor).toMatch(/made up/)
    expect(standing(judged(15, 5)).suspendFor).toBeNull()
    expect(standing([...judged(0, 6), ...judged(60, 0)]).suspendFor).toMatch(/6 were not theirs/)
    expect(standing(judged(0, 7)).suspendFor).toBeNull()
  })
})

describe('the sample', () => {
  it('is one in twenty of the ids, each of them for ever [REVIEW-5, I-28]', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `rvw_${index}`)
    const sampled = ids.filter((id) => isSampled(id, 0.05))
    expect(sampled.length / ids.length).toBeGreaterThan(0.045)
    expect(sampled.length / ids.length).toBeLessThan(0.055)
    expect(ids.every((id) => isSampled(id, 1))).toBe(true)
    expect(sampled.every((id) => isSampled(id, 0.05))).toBe(true)
  })
})
