import type { ErrorCode, ProposalState } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { approvedProposal, EXPIRES_AT, NOW, returning } from './bound-proposal.test.helper.ts'
import { CLAIMABLE, type PermitRequest, refusePermit } from './refuse-permit.ts'

type Change = Parameters<typeof returning>[0]
type Proposal = Parameters<typeof approvedProposal>[0]

const codeFor = (
  proposal: Proposal,
  change: Change = {},
  asked: Partial<Omit<PermitRequest, 'attempt'>> = {},
): ErrorCode | undefined =>
  refusePermit(approvedProposal(proposal), { attempt: returning(change), claimFor: 'guard', now: NOW, ...asked })?.code

describe('an approval [I-2, I-3, I-4]', () => {
  it('lets run what it was given for', () => {
    expect(codeFor({})).toBeUndefined()
    expect(codeFor({}, {}, { claimFor: 'caller' })).toBeUndefined()
  })

  it.each<[what: string, proposal: Proposal, change: Change, code: ErrorCode]>([
    ['another agent', {}, { by: { id: 'other' } }, 'PERMIT_REFUSED'],
    ['a person of that name', {}, { by: { kind: 'user' } }, 'PERMIT_REFUSED'],
    ['another resource', { resource: 'a' }, { trigger: { resource: 'b' } }, 'PERMIT_REFUSED'],
    ['no resource', { resource: 'a' }, {}, 'PERMIT_REFUSED'],
    ['a resource', {}, { trigger: { resource: 'b' } }, 'PERMIT_REFUSED'],
    ['another delegation', { delegation: ['boss'] }, { trigger: { delegation: ['chief'] } }, 'PERMIT_REFUSED'],
    ['no delegation', { delegation: ['boss'] }, {}, 'PERMIT_REFUSED'],
    ['a delegation', {}, { trigger: { delegation: ['boss'] } }, 'PERMIT_REFUSED'],
    [
      'a delegation in another order',
      { delegation: ['boss', 'chief'] },
      { trigger: { delegation: ['chief', 'boss'] } },
      'PERMIT_REFUSED',
    ],
    ['what ran with an outcome that nobody knows', { state: 'outcome_unknown' }, {}, 'OUTCOME_UNKNOWN'],
    ['args that nobody can change any more', {}, { args: { cents: 6 }, trigger: { fixedArgs: true } }, 'ARGS_EDITED'],
  ])('refuses %s', (_what, proposal, change, code) => {
    expect(codeFor(proposal, change)).toBe(code)
  })

  it('lets run the same resource for the same agents', () => {
    const trigger = { resource: 'a', delegation: ['boss', 'chief'] }
    expect(codeFor({ resource: 'a', delegation: ['boss', 'chief'] }, { trigger })).toBeUndefined()
  })

  it('lets run again what may be repeated', () => {
    expect(codeFor({ state: 'outcome_unknown' }, { action: { idempotent: true } })).toBeUndefined()
  })

  it('gives a guard the args that were approved, and refuses a caller that has others', () => {
    const change = { args: { cents: 6 } }
    expect(codeFor({}, change)).toBeUndefined()
    expect(codeFor({}, { ...change, trigger: { fixedArgs: false } })).toBeUndefined()
    expect(codeFor({}, change, { claimFor: 'caller' })).toBe('ARGS_EDITED')
  })

  it('is over when it expires', () => {
    const end = Date.parse(EXPIRES_AT)
    expect(codeFor({}, {}, { now: end - 1 })).toBeUndefined()
    expect(codeFor({}, {}, { now: end })).toBe('PROPOSAL_EXPIRED')
    expect(codeFor({}, {}, { now: end + 1 })).toBe('PROPOSAL_EXPIRED')
  })

  it('is claimed in two states; where somebody was faster the decision starts over', () => {
    expect(CLAIMABLE).toEqual(['approved', 'outcome_unknown'])
    const others: readonly ProposalState[] = ['pending', 'rejected', 'expired', 'cancelled', 'executing', 'succeeded']
    for (const state of others) {
      expect(() => codeFor({ state })).toThrow(expect.objectContaining({ code: 'IDEMPOTENCY_IN_FLIGHT' }))
      // Who it is not for learns nothing of it.
      expect(codeFor({ state }, { by: { id: 'other' } })).toBe('PERMIT_REFUSED')
    }
  })

  it('says what it is about', () => {
    const asked = { claimFor: 'caller', now: Date.parse(EXPIRES_AT) } as const
    const reasonFor = (change: Change): string | undefined =>
      refusePermit(approvedProposal(), { attempt: returning(change), ...asked })?.reason
    expect(reasonFor({})).toContain('prp_1')
    expect(reasonFor({ by: { id: 'other' } })).toContain('agent:other')
    expect(reasonFor({ args: {} })).toContain('prp_1')
    expect(reasonFor({ trigger: { resource: 'b' } })).toContain('prp_1')
  })
})
