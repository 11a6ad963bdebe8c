import type { Proposal } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { alikeGroups, areAlike } from './alike.ts'

const base = { agent: 'bot', action: 'a.b', policyVersion: 1, state: 'pending', risk: 'medium' } as Proposal

describe('proposals that can be decided together', () => {
  it('are of one agent, one action and one policy, wait, and are of medium risk at most [DASH-20]', () => {
    expect(areAlike([base, base])).toBe(true)
    const others = [
      { agent: 'other' },
      { action: 'a.c' },
      { policyVersion: 2 },
      { state: 'approved' },
      { risk: 'high' },
      { risk: 'critical' },
    ] as const
    for (const other of others) expect(areAlike([base, { ...base, ...other }])).toBe(false)
    expect(areAlike([])).toBe(false)
    expect(areAlike(Array(51).fill(base))).toBe(false)
  })

  it('are offered in groups of three and more', () => {
    const groups = alikeGroups([base, base, { ...base, risk: 'high' }, { ...base, agent: 'other' }, base])
    expect(groups.map((group) => group.length)).toEqual([3])
    expect(alikeGroups(Array(60).fill(base)).map((group) => group.length)).toEqual([50])
  })
})
