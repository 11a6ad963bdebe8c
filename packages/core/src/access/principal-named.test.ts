import { describe, expect, it } from 'vitest'
import { principalNamed } from './principal-named.ts'

describe('the principal that a record names', () => {
  it.each([
    ['agent:bot', { kind: 'agent', id: 'bot', roles: [] }],
    ['system:host', { kind: 'system', id: 'host', roles: [] }],
    ['service:sync', { kind: 'service', id: 'sync', roles: [], scopes: ['triggers.decide', 'triggers.check'] }],
    ['user:ann', { kind: 'user', id: 'ann', roles: ['supervisor'] }],
    ['user:urn:ann:1', { kind: 'user', id: 'urn:ann:1', roles: ['supervisor'] }],
  ])('%s', (name, principal) => {
    expect(principalNamed(name)).toEqual(principal)
  })

  it.each(['', 'ann', 'robot:ann', 'User:ann', ':ann'])('is nobody for %j', (name) => {
    expect(() => principalNamed(name)).toThrow(expect.objectContaining({ code: 'FACT_INVALID' }))
  })

  it('shows the beginning of a long name only', () => {
    expect(() => principalNamed('x'.repeat(300))).toThrow(/"x{60}"/)
  })
})
