import { describe, expect, it } from 'vitest'
import { promotionGates, type Shown } from './promotion-gates.ts'

const nothing: Shown = {
  confidence: 0,
  openIncidents: 0,
  passedTrainings: 0,
  proposals: { successes: 0, failures: 0 },
  reviewers: new Map(),
  sessions: { successes: 0, failures: 0 },
  recentTerminations: 0,
  isSignedOff: false,
}
const everything: Shown = {
  confidence: 10_000,
  openIncidents: 0,
  passedTrainings: 1,
  proposals: { successes: 13, failures: 0 },
  reviewers: new Map([
    ['user:ana', 6],
    ['user:ben', 7],
  ]),
  sessions: { successes: 28, failures: 0 },
  recentTerminations: 0,
  isSignedOff: true,
}
type Level = Parameters<typeof promotionGates>[1]

const gatesOf = (shown: Shown, to: Level, onePerson = false) => promotionGates(shown, to, { onePerson })
const gateOf = (shown: Shown, to: Level, name: string) => gatesOf(shown, to).find((gate) => gate.name === name)
const notMet = (shown: Shown, to: Level) =>
  gatesOf(shown, to)
    .filter(({ met }) => !met)
    .map(({ name }) => name)

describe('the gates on the way to a level', () => {
  it.each<[to: Level, names: readonly string[]]>([
    ['intern', ['confidence', 'training', 'incidents']],
    ['supervised', ['confidence', 'proposals', 'reviewers', 'reviewer_share', 'incidents']],
    ['autonomous', ['confidence', 'sessions', 'terminations', 'incidents', 'sign_off']],
  ])('%s are these [MAT-8, I-12]', (to, names) => {
    expect(gatesOf(everything, to).map(({ name }) => name)).toEqual(names)
    expect(notMet(everything, to)).toEqual([])
    for (const gate of gatesOf(everything, to)) expect(gate).toMatchObject({ share: 1, missing: null })
    expect(notMet(nothing, to)).toEqual(names.filter((name) => name !== 'incidents' && name !== 'terminations'))
  })

  it('leave the people out for a workspace of one person, up to supervised [MAT-8]', () => {
    const names = gatesOf(everything, 'supervised', true).map(({ name }) => name)
    expect(names).toEqual(['confidence', 'proposals', 'incidents'])
    expect(gatesOf(everything, 'autonomous', true)).toEqual(gatesOf(everything, 'autonomous'))
    expect(promotionGates(everything, 'supervised')).toEqual(gatesOf(everything, 'supervised'))
  })

  it.each<[to: Level, floor: number]>([
    ['intern', 5_000],
    ['supervised', 7_000],
    ['autonomous', 9_000],
  ])('%s: confidence is met from the floor of the band on [MAT-1]', (to, floor) => {
    const below = gateOf({ ...everything, confidence: floor - 100 }, to, 'confidence')
    expect(below).toEqual({
      name: 'confidence',
      met: false,
      value: floor - 100,
      target: floor,
      share: (floor - 100) / floor,
      missing: '100 basis points of confidence',
    })
    const at = gateOf({ ...everything, confidence: floor }, to, 'confidence')
    expect(at).toMatchObject({ met: true, share: 1, missing: null })
    expect(gateOf({ ...everything, confidence: 10_000 }, to, 'confidence')).toMatchObject({ share: 1 })
  })

  it('intern: one training that was passed [MAT-8]', () => {
    expect(gateOf(nothing, 'intern', 'training')).toEqual({
      name: 'training',
      met: false,
      value: 0,
      target: 1,
      share: 0,
      missing: 'a training session with a score of at least 0.7',
    })
    expect(gateOf({ ...nothing, passedTrainings: 2 }, 'intern', 'training')).toMatchObject({ met: true, value: 2 })
  })

  it('every level: no incident that is open [MAT-6]', () => {
    for (const to of ['intern', 'supervised', 'autonomous'] as const) {
      expect(gateOf({ ...everything, openIncidents: 1 }, to, 'incidents')).toEqual({
        name: 'incidents',
        met: false,
        value: 1,
        target: 0,
        share: 0,
        missing: '1 open incident must be closed',
      })
    }
    const two = gateOf({ ...everything, openIncidents: 2 }, 'intern', 'incidents')
    expect(two?.missing).toBe('2 open incidents must be closed')
  })

  it('supervised: 13 of 13 proposals, judged against 0.7 [MAT-8]', () => {
    expect(gateOf(everything, 'supervised', 'proposals')).toMatchObject({ met: true, share: 1, target: 20 })
    const twelve = { ...everything, proposals: { successes: 12, failures: 0 } }
    const gate = gateOf(twelve, 'supervised', 'proposals')
    expect(gate).toMatchObject({
      met: false,
      missing: '1 proposal in a row, each approved unchanged and succeeding, would do',
    })
    expect(gate?.value).toBeLessThan(20)
    expect(gate?.share).toBeGreaterThan(0.9)
  })

  it('autonomous: 28 of 28 sessions, judged against 0.85 [MAT-8]', () => {
    expect(gateOf(everything, 'autonomous', 'sessions')).toMatchObject({ met: true, share: 1, target: 20 })
    const some = { ...everything, sessions: { successes: 26, failures: 0 } }
    const gate = gateOf(some, 'autonomous', 'sessions')
    expect(gate).toMatchObject({
      met: false,
      missing: '2 sessions in a row, each rated 4 or better without correction, would do',
    })
  })

  it.each<[what: string, counts: readonly number[], notMet: readonly string[]]>([
    ['nobody', [], ['reviewers', 'reviewer_share']],
    ['one person', [13], ['reviewers', 'reviewer_share']],
    ['two, one of whom made most', [9, 4], ['reviewer_share']],
    ['two, one of whom made 60 %', [6, 4], []],
    ['two, one of whom made a little more', [61, 39], ['reviewer_share']],
    ['three alike', [4, 4, 5], []],
  ])('supervised: decisions of %s [MAT-8, I-12]', (_what, counts, missing) => {
    const reviewers = new Map(counts.map((count, index) => [`user:${index}`, count]))
    expect(notMet({ ...everything, reviewers }, 'supervised')).toEqual(missing)
    const gate = gateOf({ ...everything, reviewers }, 'supervised', 'reviewers')
    expect(gate).toMatchObject({ value: counts.length, target: 2, share: Math.min(1, counts.length / 2) })
    const share = gateOf({ ...everything, reviewers }, 'supervised', 'reviewer_share')
    const total = counts.reduce((sum, one) => sum + one, 0)
    const isMet = !missing.includes('reviewer_share')
    expect(share).toMatchObject({ target: 0.6, share: isMet ? 1 : 0, missing: isMet ? null : expect.any(String) })
    expect(share?.value).toBeCloseTo(total === 0 ? 0 : Math.max(...counts) / total, 12)
  })

  it('supervised: says how many reviewers are missing [MAT-8]', () => {
    const one = { ...everything, reviewers: new Map([['user:ana', 13]]) }
    expect(gateOf(nothing, 'supervised', 'reviewers')?.missing).toBe('decisions of 2 further reviewers')
    expect(gateOf(one, 'supervised', 'reviewers')?.missing).toBe('decisions of 1 further reviewer')
  })

  it('autonomous: no termination among the last sessions, and the sign-off of another person [MAT-8, MAT-15]', () => {
    const terminated = { ...everything, recentTerminations: 1, isSignedOff: false }
    expect(gateOf(terminated, 'autonomous', 'terminations')).toEqual({
      name: 'terminations',
      met: false,
      value: 1,
      target: 0,
      share: 0,
      missing: '25 sessions without a termination',
    })
    expect(gateOf(terminated, 'autonomous', 'sign_off')).toEqual({
      name: 'sign_off',
      met: false,
      value: 0,
      target: 1,
      share: 0,
      missing: expect.stringContaining('sign-off'),
    })
    expect(gateOf(everything, 'autonomous', 'sign_off')).toMatchObject({ value: 1, target: 1 })
  })
})
