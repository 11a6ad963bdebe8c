import { describe, expect, it } from 'vitest'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { approvedAttempt, editOf } from './approved-attempt.ts'
import { approvedProposal, returning } from './bound-proposal.test.helper.ts'

const edited = approvedProposal({ args: { cents: 4 }, argsHash: hashCanonical({ cents: 4 }) })

describe('the attempt that was approved [I-3]', () => {
  it('has the args and the key that were approved', () => {
    const attempt = returning({ attempt: { idempotencyKey: 'made-up' } })
    expect(approvedAttempt(edited, attempt)).toEqual({
      ...attempt,
      keyed: true,
      idempotencyKey: 'k1',
      resolution: { ...attempt.resolution, args: { cents: 4 }, argsHash: edited.argsHash },
    })
  })

  it('remembers the key that the caller came with, where that is another one', () => {
    const asked = returning({ attempt: { idempotencyKey: 'own', keyed: true } })
    expect(approvedAttempt(edited, asked)).toMatchObject({ idempotencyKey: 'k1', askedKey: 'own' })
    expect(approvedAttempt(edited, returning({ attempt: { keyed: true } }))).not.toHaveProperty('askedKey')
    expect(approvedAttempt(edited, returning({ attempt: { idempotencyKey: 'own' } }))).not.toHaveProperty('askedKey')
  })

  it('tells a caller what was edited, and nothing where nothing was', () => {
    expect(editOf(returning({}), edited)).toEqual({ edited: { cents: 4 } })
    expect(editOf(returning({ args: { cents: 4 } }), edited)).toEqual({})
    expect(editOf(returning({}), approvedProposal({ args: {}, argsHash: hashCanonical({}) }))).toEqual({
      edited: { cents: null },
    })
  })

  it('names what is hidden and does not show it', () => {
    const hidden = { action: { sensitivePaths: [['cents']] } }
    expect(editOf(returning(hidden), edited)).toEqual({ edited: { cents: '[redacted]' } })
  })
})
