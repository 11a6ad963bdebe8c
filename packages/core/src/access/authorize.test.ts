import type { Principal } from '@preceptor/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Actor } from './actor.ts'
import { accessOf, agentFilter, authorize, mayRead, visibleArgs } from './authorize.ts'
import { OPERATIONS, type Operation, PERMISSIONS } from './permissions.ts'

const actor = (principal: Partial<Principal> & Pick<Principal, 'kind'>): Actor => ({
  workspace: 'default',
  principal: { id: 'x', roles: [], ...principal },
  source: 'manual',
})
const admin = actor({ kind: 'user', id: 'ada', roles: ['admin'] })
const viewer = actor({ kind: 'user', id: 'vic', roles: ['viewer'] })
const bot = actor({ kind: 'agent', id: 'bot' })

const codeOf = (work: () => unknown): { code: unknown; message: string } | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    return { code: Reflect.get(Object(error), 'code'), message: Reflect.get(Object(error), 'message') }
  }
}

describe('authorize', () => {
  it('denies a user without a role everything, and any operation that has no row [I-36]', () => {
    const nobody = actor({ kind: 'user' })
    expect(OPERATIONS.filter((operation) => accessOf(nobody, operation) !== 'never')).toEqual([])
    for (const unknown of ['proposals.decree', 'constructor', '__proto__', '']) {
      expect(codeOf(() => authorize(admin, unknown as Operation))).toMatchObject({ code: 'PERMISSION_DENIED' })
    }
  })

  it('takes the widest of the roles, and ignores roles and scopes of the wrong kind of principal [AUTH-3, AUTH-5]', () => {
    const both = actor({ kind: 'user', roles: ['viewer', 'supervisor'] })
    expect(accessOf(both, 'proposals.list')).toBe('any')
    expect(accessOf(actor({ kind: 'agent', roles: ['admin'], scopes: ['keys.create'] }), 'keys.create')).toBe('never')
    expect(accessOf(actor({ kind: 'service', roles: ['admin'], scopes: [] }), 'policies.get')).toBe('never')
    expect(accessOf(actor({ kind: 'service', scopes: ['policies.get'] }), 'policies.get')).toBe('scoped')
    // A scope that no service can have opens nothing.
    expect(accessOf(actor({ kind: 'service', scopes: ['keys.create'] }), 'keys.create')).toBe('never')
    expect(accessOf(actor({ kind: 'robot' as 'user', roles: ['admin'] }), 'policies.get')).toBe('never')
  })

  it('names the role or the scope that is missing [I-36]', () => {
    expect(codeOf(() => authorize(viewer, 'keys.create'))?.message).toContain('the role admin is missing')
    const service = actor({ kind: 'service', scopes: ['agents.get'] })
    expect(codeOf(() => authorize(service, 'agents.list'))?.message).toContain('the scope agents.list is missing')
    expect(codeOf(() => authorize(admin, 'stops.set_all'))?.message).toContain('for the system only')
  })

  it('says who may not do what, and whom it is for', () => {
    const messageOf = (caller: Actor, operation: Operation, target = {}): string | undefined =>
      codeOf(() => authorize(caller, operation, target))?.message
    expect(messageOf(viewer, 'triggers.decide')).toBe(
      'user:vic may not perform triggers.decide: the role admin or supervisor is missing.',
    )
    expect(messageOf(bot, 'proposals.approve')).toBe(
      'agent:bot may not perform proposals.approve: it is for users with the role admin or supervisor.',
    )
    expect(messageOf(bot, 'workspaces.create')).toBe(
      'agent:bot may not perform workspaces.create: it is for the system only.',
    )
    expect(messageOf(admin, 'stops.set_all')).toBe('user:ada may not perform stops.set_all: it is for the system only.')
    expect(messageOf(admin, 'proposals.decree' as Operation)).toContain('there is no such operation')
    expect(messageOf(admin, 'x'.repeat(100) as Operation)).toContain(`perform ${'x'.repeat(64)}:`)
    expect(messageOf(bot, 'agents.get', { agent: 'other' })).toBe(
      'agent:bot may not perform agents.get for another agent.',
    )
    expect(messageOf(admin, 'presence.heartbeat', { user: 'sue' })).toBe(
      'user:ada may perform presence.heartbeat only for itself.',
    )
    expect(messageOf(bot, 'triggers.check', { agent: 'other' })).toContain('for another agent')
    expect(codeOf(() => authorize(bot, 'triggers.check', { agent: 'other' }))?.code).toBe('AGENT_MISMATCH')
    expect(codeOf(() => authorize(bot, 'agents.get', {}))).toBeUndefined()
    expect(agentFilter(actor({ kind: 'user', agents: ['bot'] }))).toBeNull()
  })

  it('holds an agent to itself and a service to its agents [I-5, I-8]', () => {
    expect(codeOf(() => authorize(bot, 'agents.get', { agent: 'bot' }))).toBeUndefined()
    expect(codeOf(() => authorize(bot, 'agents.get', { agent: 'other' }))).toMatchObject({ code: 'PERMISSION_DENIED' })
    expect(codeOf(() => authorize(bot, 'triggers.decide', { agent: 'other' }))).toMatchObject({
      code: 'AGENT_MISMATCH',
    })
    const sync = actor({ kind: 'service', scopes: ['triggers.decide', 'agents.list'], agents: ['bot'] })
    expect(codeOf(() => authorize(sync, 'triggers.decide', { agent: 'bot' }))).toBeUndefined()
    expect(codeOf(() => authorize(sync, 'triggers.decide', { agent: 'other' }))).toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    expect(agentFilter(sync)).toEqual(['bot'])
    expect(agentFilter(actor({ kind: 'service', scopes: [], agents: [] }))).toEqual([])
    expect(agentFilter(bot)).toEqual(['bot'])
    expect(agentFilter(admin)).toBeNull()
  })

  it('lets a user be present only for itself [I-36]', () => {
    expect(codeOf(() => authorize(admin, 'presence.heartbeat', { user: 'ada' }))).toBeUndefined()
    expect(codeOf(() => authorize(admin, 'presence.heartbeat', { user: 'sue' }))).toMatchObject({
      code: 'PERMISSION_DENIED',
    })
  })

  it('agrees with mayRead for every principal and operation [I-36]', () => {
    const principals = fc.record({
      kind: fc.constantFrom('user', 'agent', 'service', 'system'),
      id: fc.constantFrom('bot', 'other'),
      roles: fc.subarray(['admin', 'supervisor', 'viewer'] as const),
      scopes: fc.subarray([...OPERATIONS]),
    })
    fc.assert(
      fc.property(principals, fc.constantFrom(...OPERATIONS), (principal, operation) => {
        const caller = actor(principal)
        const isAllowed = codeOf(() => authorize(caller, operation, { agent: 'bot' })) === undefined
        expect(mayRead(caller, operation, { agent: 'bot' })).toBe(isAllowed)
        if (isAllowed && principal.kind === 'agent') expect(principal.id).toBe('bot')
        if (isAllowed && principal.kind === 'service' && PERMISSIONS[operation].service === 'scoped') {
          expect(principal.scopes).toContain(operation)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('shows a record without an agent to whoever sees the whole workspace [I-36]', () => {
    expect(mayRead(admin, 'journal.list', { agent: null })).toBe(true)
    expect(mayRead(bot, 'journal.list', { agent: null })).toBe(false)
  })
})

describe('visible args', () => {
  it('show a viewer the names and not the values [AUTH-6]', () => {
    const args = { cents: 500, customer: { iban: 'DE00' } }
    expect(visibleArgs(viewer, 'proposals.get', args)).toEqual({ cents: '[redacted]', customer: '[redacted]' })
    expect(visibleArgs(admin, 'proposals.get', args)).toBe(args)
    expect(visibleArgs(viewer, 'proposals.get', null)).toBeNull()
  })
})
