import { describe, expect, it } from 'vitest'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { createPolicy } from '../policy/policy.ts'
import type { Facts } from '../routing/facts.ts'
import { agentAtEpoch, approvedProposal, returning, WORKSPACE } from './bound-proposal.test.helper.ts'
import { type ApprovedThen, changeSinceApproval } from './change-since-approval.ts'

const facts: Facts = {
  agents: new Map([
    ['bot', agentAtEpoch('bot', 4)],
    ['boss', agentAtEpoch('boss', 7)],
  ]),
  stops: [],
  policy: createPolicy(3, {}),
}
const epochs = [
  { agent: 'bot', epoch: 4 },
  { agent: 'boss', epoch: 7 },
]
const same: ApprovedThen = {
  workspace: WORKSPACE,
  proposal: approvedProposal(),
  approvals: [{ epochs }],
  attempt: returning({}),
  facts,
  ruling: { route: 'proposal', requiredApprovals: 1 },
}
const changed = (change: Partial<ApprovedThen>): string | null => changeSinceApproval({ ...same, ...change })

const ACTION = 'The registered action is not the one that was approved.'
const POLICY = 'The policy changed since it was approved.'
const AGENT = 'The agent changed since it was approved.'
const BUILD = 'The agent runs as another build than the one that it was approved for.'

describe('an approval, when it is used [I-2, I-3, I-10]', () => {
  it('holds while nothing changed', () => {
    expect(changed({})).toBeNull()
    expect(changed({ approvals: [] })).toBeNull()
    expect(changed({ attempt: returning({ trigger: { fingerprint: { version: '1', model: 'new' } } }) })).toBeNull()
    for (const route of ['execution', 'supervision'] as const) {
      expect(changed({ ruling: { route, requiredApprovals: 0 } })).toBeNull()
    }
  })

  const tampered = (change: object): Partial<ApprovedThen> => ({ proposal: { ...same.proposal, ...change } })
  it.each<[what: string, change: Partial<ApprovedThen>, why: string]>([
    ['the hash is another', tampered({ actionHash: hashCanonical({}) }), ACTION],
    ['it is of another workspace', { workspace: 'other' }, ACTION],
    ['the args are others', { attempt: returning({ args: { cents: 500 } }) }, ACTION],
    ['the agent is another', tampered({ agent: 'boss' }), ACTION],
    ['the build is another', tampered({ fingerprint: { version: '2' } }), ACTION],
    ['it lasts longer', tampered({ expiresAt: '2027-01-01T00:00:00.000Z' }), ACTION],
    ['it is of another nonce', tampered({ nonce: 'evt_2' }), ACTION],
    ['it is of another policy', tampered({ policyVersion: 4 }), ACTION],
    ['the action has another name', { attempt: returning({ action: { name: 'refund.retry' } }) }, ACTION],
    ['the action is defined in another way', { attempt: returning({ action: { digest: 'e'.repeat(64) } }) }, ACTION],
    ['the policy is another', { facts: { ...facts, policy: createPolicy(4, {}) } }, POLICY],
    ['the agent was demoted', { facts: { ...facts, agents: new Map([['bot', agentAtEpoch('bot', 5)]]) } }, AGENT],
    ['who delegated was changed', { approvals: [{ epochs: [{ agent: 'boss', epoch: 6 }] }] }, AGENT],
    [
      'it changed before the last approval',
      { approvals: [{ epochs }, { epochs: [{ agent: 'bot', epoch: 3 }] }] },
      AGENT,
    ],
    ['the agent is gone', { facts: { ...facts, agents: new Map() } }, AGENT],
    ['it runs as another build', { attempt: returning({ trigger: { fingerprint: { version: '2' } } }) }, BUILD],
    [
      'it must be trained',
      { ruling: { route: 'training', requiredApprovals: 1 } },
      'The agent must be trained first by now.',
    ],
    ['it needs two', { ruling: { route: 'proposal', requiredApprovals: 2 } }, 'It needs more approvals by now.'],
  ])('does not hold where %s', (_what, change, why) => {
    expect(changed(change)).toBe(why)
  })
})
