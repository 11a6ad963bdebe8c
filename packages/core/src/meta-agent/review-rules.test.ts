import type { AdviceVerdict, JsonObject, ProposalState, Risk } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BoundProposal } from '../proposals/approval-store.ts'
import { applySuggestions } from './apply-suggestions.ts'
import { guardReview } from './guard-review.ts'
import type { Review } from './review.ts'
import { fieldOf, type ReviewFacts } from './review-facts.ts'
import { REVIEW_RULES, reviewByRules } from './review-rules.ts'

interface Case {
  readonly risk?: Risk
  readonly field?: ReviewFacts['field']
  readonly args?: JsonObject
  readonly history?: Partial<ReviewFacts['history']>
  readonly precedents?: readonly JsonObject[]
  readonly same?: readonly { readonly state: ProposalState; readonly isEdited?: boolean; readonly args?: JsonObject }[]
  readonly action?: null
}

function facts({ risk = 'medium', field = 'on', args = { cents: 5 }, ...rest }: Case): ReviewFacts {
  const { history = {}, precedents = [], same = [], action } = rest
  // The rest of a proposal is nothing that a rule looks at.
  const proposal = {
    id: 'prp_1',
    agent: 'bot',
    action: 'refund.create',
    risk,
    args,
    sensitive: [],
  } as unknown as BoundProposal
  const rules = { risk, capability: 'refund', idempotent: false, ceiling: 'autonomous', schema: null } as const
  return {
    proposal,
    agent: { category: 'Finance', capabilities: [], maturity: 'intern' },
    action: action === null ? null : rules,
    field,
    context: null,
    history: { decided: 0, approvedUnchanged: 0, edited: 0, rejected: 0, last: [], ...history },
    precedents: precedents.map((each, index) => ({
      proposalId: `prp_${index}`,
      decidedAt: '2026-01-01T00:00:00.000Z',
      args: each,
      sensitive: [],
    })),
    same: same.map(({ state, isEdited = false, args: last = args }, index) => ({
      proposalId: `prp_same_${index}`,
      state,
      isEdited,
      last: { args: last, sensitive: [] },
    })),
  }
}

const always = (decided: number) => ({ decided, approvedUnchanged: decided })
const three = [{ cents: 5 }, { cents: 9 }, { cents: 7 }]

const CASES: readonly (readonly [what: string, given: Case, rule: string, verdict: AdviceVerdict])[] = [
  ['its definition is gone', { action: null, field: 'unknown' }, 'definition is gone', 'escalate'],
  ['high and off the field', { risk: 'high', field: 'off' }, 'high risk off the field', 'reject'],
  ['critical and off the field', { risk: 'critical', field: 'off' }, 'high risk off the field', 'reject'],
  [
    'high and off the field, but edited before',
    { risk: 'high', field: 'off', same: [{ state: 'succeeded', isEdited: true, args: { cents: 1 } }] },
    'high risk off the field',
    'reject',
  ],
  ['rejected before', { same: [{ state: 'rejected' }] }, 'same args rejected before', 'reject'],
  [
    'rejected before, of high risk',
    { risk: 'high', same: [{ state: 'rejected' }] },
    'same args rejected before',
    'reject',
  ],
  [
    'approved after it was rejected',
    { same: [{ state: 'succeeded' }, { state: 'rejected' }] },
    'no history',
    'escalate',
  ],
  ['high on the field', { risk: 'high' }, 'high risk', 'escalate'],
  ['high, and always approved', { risk: 'high', history: always(5), precedents: three }, 'high risk', 'escalate'],
  ['critical of an agent without a field', { risk: 'critical', field: 'unknown' }, 'high risk', 'escalate'],
  ['off the field', { field: 'off', history: always(5), precedents: three }, 'off the field', 'escalate'],
  [
    'edited before',
    { same: [{ state: 'succeeded', isEdited: true, args: { cents: 1 } }] },
    'same args edited before',
    'modify',
  ],
  [
    'edited and then rejected',
    { same: [{ state: 'rejected', isEdited: true }] },
    'same args rejected before',
    'reject',
  ],
  ['without a history', {}, 'no history', 'escalate'],
  ['alike, 3 of 3', { history: always(3), precedents: three }, 'alike and always approved', 'approve'],
  ['safe and alike', { risk: 'safe', history: always(3), precedents: three }, 'alike and always approved', 'approve'],
  ['alike, 2 of 2', { history: always(2), precedents: three.slice(1) }, 'mixed history', 'escalate'],
  [
    'alike, with one edit',
    { history: { decided: 4, approvedUnchanged: 3, edited: 1 }, precedents: three },
    'mixed history',
    'escalate',
  ],
  [
    'above what ran',
    { args: { cents: 10 }, history: always(3), precedents: three },
    'always approved, but not like this',
    'escalate',
  ],
  [
    'with a name more',
    { args: { cents: 5, to: 'x' }, history: always(3), precedents: three },
    'always approved, but not like this',
    'escalate',
  ],
  [
    'with a text that never ran',
    { args: { to: 'c' }, history: always(3), precedents: [{ to: 'a' }, { to: 'a' }, { to: 'b' }] },
    'always approved, but not like this',
    'escalate',
  ],
  [
    'with a text that ran',
    { args: { to: 'b' }, history: always(3), precedents: [{ to: 'a' }, { to: 'a' }, { to: 'b' }] },
    'alike and always approved',
    'approve',
  ],
  [
    'with a number where a text ran',
    { args: { to: 5 }, history: always(3), precedents: [{ to: '5' }, { to: 5 }, { to: 5 }] },
    'always approved, but not like this',
    'escalate',
  ],
]

describe('the rules of review', () => {
  it.each(CASES)('%s [META-2]', (_, given, rule, verdict) => {
    expect(REVIEW_RULES.find(({ applies }) => applies(facts(given)))?.name).toBe(rule)
    const review = reviewByRules(facts(given))
    expect(review).toMatchObject({ verdict, by: 'rules', isOutage: false })
    expect(review.reasons.every((reason) => reason.endsWith('.'))).toBe(true)
    expect(guardReview(review, facts(given)).verdict).toBe(verdict)
  })

  it('suggest what somebody made of the same args [META-2]', () => {
    const given = facts({ same: [{ state: 'succeeded', isEdited: true, args: { cents: 1 } }] })
    expect(reviewByRules(given).suggested).toEqual({ cents: 1 })
  })

  it('know the field of an agent by its capabilities and its category [META-2]', () => {
    expect(fieldOf({ category: null, capabilities: [] }, 'refund')).toBe('unknown')
    expect(fieldOf({ category: 'Nothing known', capabilities: [] }, 'refund')).toBe('unknown')
    expect(fieldOf({ category: 'finance', capabilities: [] }, 'reconciliation')).toBe('on')
    expect(fieldOf({ category: 'Finance', capabilities: [] }, 'refund')).toBe('off')
    expect(fieldOf({ category: 'Finance', capabilities: ['Refund'] }, 'refund')).toBe('on')
    expect(fieldOf({ category: null, capabilities: ['note'] }, 'refund')).toBe('off')
  })
})

describe('the guard over a review', () => {
  const review: fc.Arbitrary<Review> = fc.record({
    verdict: fc.constantFrom<AdviceVerdict>('approve', 'modify', 'reject', 'escalate'),
    reasons: fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 }),
    suggested: fc.constantFrom(null, { cents: 1 }),
    by: fc.constantFrom('rules', 'model:x'),
    isOutage: fc.boolean(),
  })
  const risks = fc.constantFrom<Risk>('safe', 'medium', 'high', 'critical')
  const fields = fc.constantFrom<ReviewFacts['field']>('on', 'off', 'unknown')

  it('rejects high risk off the field, and lets no other of high risk pass, whoever reviewed it [META-3]', () => {
    fc.assert(
      fc.property(review, risks, fields, (made, risk, field) => {
        const { verdict, suggested, reasons } = guardReview(made, facts({ risk, field }))
        const isHigh = risk === 'high' || risk === 'critical'
        if (!isHigh) return verdict === made.verdict && suggested === made.suggested
        if (field === 'off') return verdict === 'reject'
        return verdict === (made.verdict === 'reject' ? 'reject' : 'escalate') && reasons.length >= made.reasons.length
      }),
    )
    const off = guardReview(
      { verdict: 'modify', reasons: ['Smaller.'], suggested: { cents: 1 }, by: 'model:x', isOutage: false },
      facts({ risk: 'high', field: 'off' }),
    )
    expect(off).toMatchObject({ verdict: 'reject', suggested: null, by: 'model:x' })
    expect(off.reasons).toContain('Smaller.')
    expect(off.reasons).toContain('Without that, the verdict had been "modify".')
  })
})

describe('suggestions', () => {
  const args = { cents: 5, lines: [{ to: 'a' }, { to: 'b' }], 'a/b': { '~': 1 } }

  it.each([
    [[{ pointer: '/cents', value: 4 }], { ...args, cents: 4 }],
    [[{ pointer: '/note', value: 'x' }], { ...args, note: 'x' }],
    [[{ pointer: '/lines/1/to', value: null }], { ...args, lines: [{ to: 'a' }, { to: null }] }],
    [[{ pointer: '/a~1b/~0', value: 2 }], { ...args, 'a/b': { '~': 2 } }],
    [
      [
        { pointer: '/a~1b', value: {} },
        { pointer: '/a~1b/new', value: 1 },
      ],
      { ...args, 'a/b': { new: 1 } },
    ],
  ])('are put where they point: %j [META-4]', (suggestions, changed) => {
    expect(applySuggestions(args, suggestions)).toEqual(changed)
  })

  it.each([
    '',
    'cents',
    '/none/deeper',
    '/lines/2',
    '/lines/-',
    '/lines/01/to',
    '/cents/0',
    '/a~2b',
    '/__proto__',
    '/constructor/x',
  ])('have no place at %s [META-4]', (pointer) => {
    expect(applySuggestions(args, [{ pointer, value: { x: 1 } }])).toBeUndefined()
    expect(args).toEqual({ cents: 5, lines: [{ to: 'a' }, { to: 'b' }], 'a/b': { '~': 1 } })
  })
})
