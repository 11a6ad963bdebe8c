import type { ErrorCode, ProposalDecision, ProposalState, QueueState } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import type { Attempt } from './attempt.ts'
import type { PriorAttempt, PriorProposal } from './consequences.ts'
import { decideByPrior, type PriorAnswer } from './decide-by-prior.ts'
import type { Facts } from './facts.ts'
import type { Ruling } from './ruling.ts'

const NOW = '2026-01-01T00:00:00.000Z'
const BEFORE = '2025-12-31T23:59:59.999Z'
const AFTER = '2026-01-01T00:00:00.001Z'
const ruling = { maturity: 'intern', risk: 'medium', reason: 'Asks.', warnings: [] } as unknown as Ruling
const facts = { policy: { version: 3 } } as unknown as Facts

const attempt = (change: { argsHash?: string; permit?: string; action?: string } = {}): Attempt =>
  ({
    actor: { workspace: 'default', principal: { kind: 'agent', id: 'bot', roles: [] }, source: 'ai_coordinator' },
    trigger: { agent: 'bot', action: change.action ?? 'refund.create', args: {}, permit: change.permit },
    decisionId: 'dec_2',
    decidedAt: NOW,
    resolution: { status: 'resolved', argsHash: change.argsHash ?? 'asked' },
  }) as unknown as Attempt

const proposal = {
  id: 'prp_1',
  version: 1,
  actionHash: 'h',
  requiredApprovals: 1,
  expiresAt: AFTER,
} as ProposalDecision['proposal']
const proposed: PriorProposal = {
  kind: 'proposal',
  action: 'refund.create',
  agent: 'bot',
  argsHash: 'asked',
  versionHash: 'asked',
  args: {},
  decisionId: 'dec_1',
  state: 'pending',
  response: null,
  runnableAt: null,
  rejection: null,
  decidedBy: [],
  proposal,
}
const queued = {
  kind: 'queue',
  action: 'refund.create',
  argsHash: 'asked',
  decisionId: 'dec_1',
  state: 'pending',
  queueEntry: { id: 'que_1', expiresAt: AFTER },
} as Extract<PriorAttempt, { kind: 'queue' }>

const answer = (
  prior: Exclude<PriorAttempt, { kind: 'execution' }>,
  change?: Parameters<typeof attempt>[0],
): PriorAnswer => decideByPrior({ attempt: attempt(change), ruling, facts, prior })
const ofProposal = (change: Partial<PriorProposal>): PriorAnswer => answer({ ...proposed, ...change })
const ofQueued = (change: Partial<typeof queued>): PriorAnswer => answer({ ...queued, ...change })

describe('an attempt that was made before [GUARD-3, I-4]', () => {
  it('is not answered to who states an approval of somebody else', () => {
    expect(answer({ kind: 'refused' })).toMatchObject({
      decision: { id: 'dec_2', route: 'denied', code: 'PERMIT_REFUSED' },
      replay: null,
    })
  })

  it.each<[what: string, change: Parameters<typeof attempt>[0], code: ErrorCode]>([
    ['other args', { argsHash: 'other' }, 'IDEMPOTENCY_KEY_REUSED'],
    ['another action', { action: 'refund.retry' }, 'IDEMPOTENCY_KEY_REUSED'],
    ['other args under an approval', { argsHash: 'other', permit: 'prp_1' }, 'PERMIT_REFUSED'],
  ])('is refused with %s', (_what, change, code) => {
    for (const prior of [proposed, queued]) {
      expect(answer(prior, change)).toMatchObject({ decision: { id: 'dec_2', route: 'denied', code }, replay: null })
    }
  })

  it('is the same with the args that a reviewer made of it', () => {
    expect(answer({ ...proposed, versionHash: 'edited' }, { argsHash: 'edited' })).toMatchObject({
      decision: { route: 'proposal' },
    })
    const other = { ...queued, versionHash: 'edited' }
    expect(answer(other, { argsHash: 'edited' })).toMatchObject({ decision: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  })

  it('is trained for as before', () => {
    const training = { blockedTrigger: { id: 'blk_1' }, trainingProposal: { id: 'trp_1' } }
    const prior = { ...proposed, ...training, kind: 'training' } as unknown as Extract<
      PriorAttempt,
      { kind: 'training' }
    >
    expect(answer(prior)).toMatchObject({ decision: { id: 'dec_1', route: 'training', ...training }, replay: null })
  })
})

describe('an attempt that was proposed before [GUARD-3, I-4]', () => {
  it.each<ProposalState>(['pending', 'approved', 'executing', 'succeeded', 'failed'])(
    'is the same while %s',
    (state) => {
      const { decision, replay } = ofProposal({ state })
      expect(decision).toMatchObject({ id: 'dec_1', route: 'proposal', code: 'APPROVAL_REQUIRED', proposal })
      expect(decision.reason).toBe('The same attempt was decided on before.')
      expect(replay).toBeNull()
    },
  )

  it.each<[state: ProposalState, code: ErrorCode]>([
    ['rejected', 'PROPOSAL_REJECTED'],
    ['cancelled', 'PROPOSAL_CANCELLED'],
    ['expired', 'PROPOSAL_EXPIRED'],
    ['responded', 'PROPOSAL_RESPONDED'],
    ['outcome_unknown', 'OUTCOME_UNKNOWN'],
  ])('that is %s is denied', (state, code) => {
    const { decision } = ofProposal({ state })
    expect(decision).toMatchObject({ id: 'dec_2', route: 'denied', code })
    expect(decision.reason).toContain(`prp_1 of this attempt is ${state}.`)
  })

  it.each<ProposalState>(['pending', 'approved'])('and %s is over when it expires', (state) => {
    for (const expiresAt of [BEFORE, NOW]) {
      const { decision } = ofProposal({ state, proposal: { ...proposal, expiresAt } })
      expect(decision).toMatchObject({ id: 'dec_2', route: 'denied', code: 'PROPOSAL_EXPIRED' })
      expect(decision.reason).toContain('is expired.')
    }
    const late = { ...proposal, expiresAt: BEFORE }
    expect(ofProposal({ state: 'executing', proposal: late }).decision.route).toBe('proposal')
  })

  it('waits where it is approved and may not run yet', () => {
    expect(ofProposal({ state: 'approved', runnableAt: AFTER }).decision).toMatchObject({
      proposal: { ...proposal, runnableAt: AFTER },
    })
    for (const change of [
      { state: 'approved', runnableAt: NOW },
      { state: 'approved', runnableAt: null },
      { state: 'pending', runnableAt: AFTER },
    ] as const) {
      expect(ofProposal(change).decision).toHaveProperty('proposal', proposal)
    }
  })

  it('answers what a reviewer answered in its place', () => {
    expect(ofProposal({ state: 'responded', response: { use: 'voucher' } }).replay).toEqual({
      status: 'succeeded',
      value: { use: 'voucher' },
      stored: true,
    })
    expect(ofProposal({ state: 'rejected', response: { use: 'voucher' } }).replay).toBeNull()
  })

  it('says by whom it was rejected and why, without a secret', () => {
    const secret = `AKIA${'ABCDEFGHIJ234567'}`
    const rejection = { category: 'wrong_args', reason: `Too much. ${secret} . ` } as unknown as NonNullable<
      PriorProposal['rejection']
    >
    const { reason } = ofProposal({ state: 'rejected', rejection, decidedBy: ['user:ann', 'user:ben'] }).decision
    expect(reason).toMatch(/is rejected by user:ann, user:ben \(wrong args\): Too much\. \S+\.$/)
    expect(reason).not.toContain(secret)
  })
})

describe('an attempt that was queued before [GUARD-3]', () => {
  it.each<QueueState>(['pending', 'executing', 'succeeded'] as QueueState[])('is the same while %s', (state) => {
    const { queueEntry } = queued
    expect(ofQueued({ state })).toMatchObject({ decision: { id: 'dec_1', route: 'queue', queueEntry }, replay: null })
  })

  it.each<[state: QueueState, code: ErrorCode, end: string]>([
    ['cancelled', 'QUEUE_ENTRY_CANCELLED', 'cancelled'],
    ['expired', 'QUEUE_ENTRY_EXPIRED', 'expired'],
    ['failed', 'QUEUE_ENTRY_FAILED', 'failed'],
    ['outcome_unknown', 'OUTCOME_UNKNOWN', 'outcome unknown'],
  ])('that is %s is denied', (state, code, end) => {
    const { decision } = ofQueued({ state })
    expect(decision).toMatchObject({ id: 'dec_2', route: 'denied', code })
    expect(decision.reason).toBe(`The queue entry que_1 of this attempt is ${end}.`)
  })

  it('is over when it expires before it began', () => {
    for (const expiresAt of [BEFORE, NOW]) {
      const queueEntry = { ...queued.queueEntry, expiresAt }
      const { decision } = ofQueued({ queueEntry })
      expect(decision).toMatchObject({ id: 'dec_2', route: 'denied', code: 'QUEUE_ENTRY_EXPIRED' })
      expect(decision.reason).toContain('is expired.')
      expect(ofQueued({ queueEntry, state: 'executing' as QueueState }).decision.route).toBe('queue')
    }
  })
})
