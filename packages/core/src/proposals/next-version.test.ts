import { describe, expect, it } from 'vitest'
import type { GovernorContext } from '../context.ts'
import { hashCanonical } from '../kernel/canonical-json.ts'
import { actionHash } from './action-hash.ts'
import { approvedProposal, EXPIRES_AT, NOW, refund, WORKSPACE } from './bound-proposal.test.helper.ts'
import { GATE, nextVersion, type VersionChange } from './next-version.ts'

const context = {
  ids: { next: (kind: string) => `${kind}_new` },
  clock: { now: () => NOW },
  report: () => undefined,
} as unknown as GovernorContext
const args = { cents: 7 }
const change: VersionChange = {
  workspace: WORKSPACE,
  registered: null,
  args,
  argsHash: hashCanonical(args),
  digest: 'e'.repeat(64),
  risk: 'high',
  requiredApprovals: 2,
  policyVersion: 4,
  fingerprint: { version: '2' },
  createdBy: GATE,
}
const proposal = approvedProposal({ summary: 'Refund 5', preview: [], sensitive: [['iban']] })

describe('the next version of a proposal [I-3]', () => {
  it('is bound anew, to the same agent and time, and described as before where nobody can describe it', () => {
    const { workspace: _, registered: __, ...changed } = change
    const bound = { agent: 'bot', fingerprint: { version: '2' }, action: 'refund.create', digest: 'e'.repeat(64), args }
    const rest = { policyVersion: 4, expiresAt: EXPIRES_AT, nonce: 'evt_new' }
    expect(nextVersion(context, proposal, change)).toEqual({
      ...changed,
      proposal: 'prp_1',
      from: 2,
      actionHash: actionHash({ workspace: WORKSPACE, ...bound, ...rest }),
      nonce: 'evt_new',
      expiresAt: EXPIRES_AT,
      at: '2026-01-01T00:00:00.000Z',
      description: { summary: 'Refund 5', preview: [], sensitive: [['iban']] },
    })
    expect(GATE).toBe('system:gate')
  })

  it('may last longer, and is described by the action, which hides what was hidden', () => {
    const registered = { ...refund, summary: () => 'Refund 7', sensitivePaths: [['cents']] }
    const expiresAt = '2026-01-02T00:00:00.000Z'
    const next = nextVersion(context, proposal, { ...change, registered, expiresAt })
    expect(next).toMatchObject({ expiresAt, description: { summary: 'Refund 7', preview: null } })
    expect(next.description.sensitive).toHaveLength(2)
    expect(next.actionHash).not.toBe(nextVersion(context, proposal, change).actionHash)
  })
})
