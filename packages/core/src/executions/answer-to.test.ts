import { describe, expect, it } from 'vitest'
import { answerTo, type RepeatedAttempt } from './answer-to.ts'
import type { ExecutionState } from './store.ts'

const NOW = '2026-01-01T00:00:10.000Z'
const BEFORE = '2026-01-01T00:00:09.999Z'
const AFTER = '2026-01-01T00:00:10.001Z'
const outcome = { status: 'succeeded', value: 7, stored: true } as const

const known: ExecutionState = {
  id: 'exe_1',
  decisionId: 'dec_1',
  action: 'refund.create',
  argsHash: 'a1',
  idempotent: false,
  state: 'claimed',
  leaseExpiresAt: AFTER,
  outcome: null,
  attempt: 1,
}
const asked: RepeatedAttempt = { action: 'refund.create', argsHash: 'a1', idempotent: false, at: NOW }
const answer = (execution: Partial<ExecutionState>, attempt: Partial<RepeatedAttempt> = {}) =>
  answerTo({ ...known, ...execution }, { ...asked, ...attempt })

const UNKNOWN = { result: 'unknown' }
const IN_PROGRESS = { result: 'in_progress' }
const OTHER = { result: 'other_args' }
const SETTLED = { result: 'settled', decisionId: 'dec_1', outcome }
const failed = { status: 'failed', message: 'no' } as const

describe('what an execution answers to the same attempt [I-4, GUARD-3]', () => {
  it.each<[what: string, execution: Partial<ExecutionState>, answer: object | null]>([
    ['while it runs', {}, IN_PROGRESS],
    ['once its lease has lapsed and nobody has said so yet', { leaseExpiresAt: BEFORE }, IN_PROGRESS],
    ['when nobody knows what became of it', { state: 'outcome_unknown' }, UNKNOWN],
    ['when it succeeded', { state: 'succeeded', outcome }, SETTLED],
    ['when it failed', { state: 'failed', outcome: failed }, { ...SETTLED, outcome: failed }],
    ['when it was given back', { state: 'released' }, null],
  ])('%s', (_what, execution, expected) => {
    expect(answer(execution)).toEqual(expected)
  })

  it.each<[what: string, execution: Partial<ExecutionState>, answer: object | null]>([
    ['while it runs', {}, IN_PROGRESS],
    ['in the moment in which its lease lapses', { leaseExpiresAt: NOW }, IN_PROGRESS],
    ['once its lease has lapsed', { leaseExpiresAt: BEFORE }, null],
    ['when nobody knows what became of it', { state: 'outcome_unknown' }, null],
    ['when it failed', { state: 'failed', outcome: failed }, null],
    ['when it succeeded', { state: 'succeeded', outcome, leaseExpiresAt: BEFORE }, SETTLED],
  ])('where it may be repeated: %s', (_what, execution, expected) => {
    expect(answer({ ...execution, idempotent: true }, { idempotent: true })).toEqual(expected)
    // Both the claim and the attempt must say so.
    expect(answer({ ...execution, idempotent: true })).not.toBeNull()
    expect(answer(execution, { idempotent: true })).not.toBeNull()
  })

  it('never says anything of an attempt with other args or of another action', () => {
    for (const state of ['claimed', 'released', 'failed', 'succeeded', 'outcome_unknown'] as const) {
      expect(answer({ state, idempotent: true }, { argsHash: 'a2', idempotent: true })).toEqual(OTHER)
      expect(answer({ state, idempotent: true }, { argsHash: null, idempotent: true })).toEqual(OTHER)
      expect(answer({ state, idempotent: true }, { action: 'refund.cancel', idempotent: true })).toEqual(OTHER)
    }
  })
})
