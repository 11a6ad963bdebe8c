import type { DecisionFacts } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import type { Attempt } from './attempt.ts'
import {
  approvedDecision,
  decisionFacts,
  deniedBeforeRuling,
  deniedDecision,
  executionDecision,
  grantedDecision,
  proposalDecision,
  queueDecision,
  supervisionDecision,
  trainingDecision,
  waitingDecision,
} from './make-decision.ts'
import type { Ruling } from './ruling.ts'

const AT = '2026-01-01T00:00:00.000Z'
const attempt = {
  actor: { workspace: 'default', principal: { kind: 'user', id: 'ann', roles: [] }, source: 'manual' },
  trigger: { agent: 'bot', action: 'refund.create', args: {} },
  decisionId: 'dec_1',
  decidedAt: AT,
  resolution: { status: 'resolved', argsHash: 'f00d' },
} as unknown as Attempt
const ruling = { maturity: 'intern', risk: 'medium', reason: 'It may.', warnings: ['late'] } as unknown as Ruling
const facts: DecisionFacts = {
  id: 'dec_1',
  agent: 'bot',
  action: 'refund.create',
  source: 'manual',
  maturity: 'intern',
  risk: 'medium',
  reason: 'It may.',
  warnings: ['late'],
  policyVersion: 3,
  argsHash: 'f00d',
  decidedAt: AT,
}

describe('a decision', () => {
  it('states what it rests on', () => {
    expect(decisionFacts(attempt, ruling, 3)).toEqual(facts)
    const resolution = { status: 'unresolved', code: 'ACTION_UNKNOWN', reason: '' } as const
    expect(decisionFacts({ ...attempt, resolution }, ruling, 3)).toEqual({ ...facts, argsHash: null })
  })

  it('to run states what it would have been, and the bypass, where there are such', () => {
    const shadow = { route: 'proposal' } as NonNullable<Ruling['shadow']>
    const bypass = { id: 'byp_1' } as NonNullable<Ruling['bypass']>
    const run = { ...facts, route: 'execution' }
    expect(executionDecision(facts, { shadow: null, bypass: null })).toEqual(run)
    expect(executionDecision(facts, { shadow, bypass: null })).toEqual({ ...run, shadow })
    expect(executionDecision(facts, { shadow: null, bypass })).toEqual({ ...run, bypass })
  })

  it('to run once names who approved what, or the grant', () => {
    const approval = { proposal: 'prp_1', version: 2, decidedBy: ['user:ann', 'user:ben'] } as unknown as Parameters<
      typeof approvedDecision
    >[1]
    const approved = approvedDecision(facts, approval)
    expect(approved).toMatchObject({ id: 'dec_1', route: 'execution', approval })
    expect(approved.reason).toContain('user:ann, user:ben')
    const grant = { id: 'grt_1' } as Parameters<typeof grantedDecision>[1]
    const granted = grantedDecision(facts, grant)
    expect(granted).toMatchObject({ id: 'dec_1', route: 'execution', grant })
    expect(granted.reason).toContain('grt_1')
  })

  it('to wait or to be watched names for what', () => {
    expect(supervisionDecision(facts, 'ses_1')).toEqual({ ...facts, route: 'supervision', session: { id: 'ses_1' } })
    const queueEntry = { id: 'que_1' } as Parameters<typeof queueDecision>[1]
    expect(queueDecision(facts, queueEntry)).toEqual({
      ...facts,
      route: 'queue',
      code: 'SUPERVISOR_REQUIRED',
      queueEntry,
    })
    const proposal = { id: 'prp_1' } as Parameters<typeof proposalDecision>[1]
    const proposed = { ...facts, route: 'proposal', code: 'APPROVAL_REQUIRED', proposal }
    expect(proposalDecision(facts, proposal)).toEqual(proposed)
    const waiting = waitingDecision(facts, { proposal, runnableAt: AT })
    expect(waiting).toEqual({ ...proposed, reason: waiting.reason, proposal: { ...proposal, runnableAt: AT } })
    expect(waiting.reason).toContain(AT)
  })

  it('not to run names why', () => {
    const training = { blockedTrigger: { id: 'blk_1' }, trainingProposal: null } as unknown as Parameters<
      typeof trainingDecision
    >[1]
    expect(trainingDecision(facts, training)).toEqual({
      ...facts,
      route: 'training',
      code: 'TRAINING_REQUIRED',
      ...training,
    })
    expect(deniedDecision(facts, 'STOPPED', 'Stopped.')).toEqual({
      ...facts,
      route: 'denied',
      code: 'STOPPED',
      reason: 'Stopped.',
    })
    expect(deniedBeforeRuling(attempt, { code: 'PERMISSION_DENIED', reason: 'No.' })).toEqual({
      ...facts,
      maturity: null,
      risk: null,
      warnings: [],
      policyVersion: 0,
      argsHash: null,
      route: 'denied',
      code: 'PERMISSION_DENIED',
      reason: 'No.',
    })
  })
})
