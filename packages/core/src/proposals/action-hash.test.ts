import { describe, expect, it } from 'vitest'
import { canonicalJson, hashCanonical } from '../kernel/canonical-json.ts'
import { actionHash, type BoundAction } from './action-hash.ts'

const bound: BoundAction = {
  workspace: 'default',
  agent: 'bot',
  fingerprint: { version: '1' },
  action: 'refund.create',
  digest: 'd'.repeat(64),
  args: { cents: 5, to: { iban: 'DE00' } },
  policyVersion: 3,
  expiresAt: '2026-01-01T00:00:00.000Z',
  nonce: 'evt_1',
}

describe('the hash of an approved action [I-3]', () => {
  it('is over everything that it is bound to, in one form', () => {
    expect(actionHash(bound)).toBe(
      hashCanonical(JSON.parse(canonicalJson({ ...bound, fingerprint: { version: '1' } }))),
    )
    expect(actionHash({ ...bound, args: { to: { iban: 'DE00' }, cents: 5 } })).toBe(actionHash(bound))
  })

  it('is another one where anything is another', () => {
    const others: readonly Partial<BoundAction>[] = [
      { workspace: 'other' },
      { agent: 'boss' },
      { fingerprint: {} },
      { fingerprint: { version: '2' } },
      { action: 'refund.retry' },
      { digest: 'e'.repeat(64) },
      { args: { cents: 5, to: { iban: 'DE01' } } },
      { args: { cents: '5', to: { iban: 'DE00' } } },
      { policyVersion: 4 },
      { expiresAt: '2026-01-01T00:00:00.001Z' },
      { nonce: 'evt_2' },
    ]
    const hashes = [bound, ...others.map((other) => ({ ...bound, ...other }))].map(actionHash)
    expect(new Set(hashes).size).toBe(others.length + 1)
  })
})
