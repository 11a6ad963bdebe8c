import type { HostScope, Identity, Principal } from '@preceptor/client'
import {
  type Access,
  createTestGovernor,
  OPERATIONS,
  type Operation,
  PERMISSIONS,
  REFINEMENTS,
  type TestGovernor,
} from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { BY_ID, LISTS, OWN, type Probe } from './probes.ts'
import type { Ids } from './two-workspaces.ts'

const PROBES: Partial<Record<Operation, Probe>> = {
  ...BY_ID,
  ...LISTS,
  ...OWN,
  'workspaces.create': ({ workspaces }) => workspaces.create({ id: 'north' }),
  'workspaces.list': ({ workspaces }) => workspaces.list(),
  // A second question about what was let in before; the whole of `stops` is asked of each of them.
  'stops.set_all': ({ stops }) => stops.set({ target: 'all', reason: 'a test' }),
}
/** Asked by HTTP alone, or about what the operation that it refines has found. */
const NOT_IN_PROCESS: readonly Operation[] = [
  'stops.lift_all',
  'health.read',
  'openapi.read',
  'identity.read',
  'streams.stats',
]

const scopes = OPERATIONS.filter((operation) => PERMISSIONS[operation].service === 'scoped')
// By a credential each: without one, the caller is the host itself.
const credential = 'key_none'
const CALLERS: Readonly<Record<keyof (typeof PERMISSIONS)[Operation], Principal>> = {
  admin: { kind: 'user', id: 'ada', roles: ['admin'], credential },
  supervisor: { kind: 'user', id: 'sue', roles: ['supervisor'], credential },
  viewer: { kind: 'user', id: 'vic', roles: ['viewer'], credential },
  agent: { kind: 'agent', id: 'bot', roles: [], credential },
  service: { kind: 'service', id: 'sync', roles: [], scopes, credential },
  system: { kind: 'system', id: 'worker', roles: [], credential },
}

/** Every id is that of nothing. */
const ids = new Proxy({} as Ids, { get: (_, name) => `${String(name)}_none` })
let test: TestGovernor
beforeAll(async () => {
  test = await createTestGovernor({ reviewers: { theirs: 'rules' } })
  await test.admin.members.put('root', { displayName: 'Root', roles: ['admin'] })
  await test.register('bot', 'intern')
})
afterAll(() => test.close())

async function codeOf(operation: Operation, scope: HostScope): Promise<string> {
  try {
    const answer = await PROBES[operation]?.(scope, ids)
    // A decision is denied as a value.
    return String(Reflect.get(Object(answer), 'code') ?? 'done')
  } catch (error) {
    return String(Reflect.get(Object(error), 'code'))
  }
}

function isRight(access: Access, code: string): boolean {
  if (access === 'never') return code === 'PERMISSION_DENIED'
  // What it may do for itself it may not do for others: the probes are about others.
  const isAllowed = access === 'own' || access === 'scoped' || code !== 'PERMISSION_DENIED'
  return isAllowed && code !== 'undefined' && code !== 'INTERNAL'
}

describe('permission matrix in process', () => {
  it(verifies('I-36', 'asks for every operation that there is'), () => {
    expect([...Object.keys(PROBES), ...NOT_IN_PROCESS].sort()).toEqual([...OPERATIONS].sort())
    expect(Object.keys(REFINEMENTS)).toContain('stops.lift_all')
  })

  it.each(Object.keys(PROBES) as Operation[])(verifies('I-36', '%s as each principal'), async (operation) => {
    const answers = Object.entries(CALLERS).map(async ([caller, principal]) => {
      const code = await codeOf(operation, test.governor.as({ workspace: 'default', principal }))
      return [caller, code, isRight(PERMISSIONS[operation][caller as keyof typeof CALLERS], code)]
    })
    const wrong = (await Promise.all(answers)).filter(([, , right]) => right !== true)
    expect(wrong).toEqual([])
  })

  it(verifies(['I-36', 'I-1'], 'gives nobody a scope without a principal'), () => {
    const nobody: readonly unknown[] = [
      undefined,
      null,
      {},
      { workspace: 'default' },
      { workspace: 'default', principal: null },
      { workspace: 'default', principal: {} },
      { workspace: 'default', principal: { kind: 'anonymous', id: 'x', roles: [] } },
      { workspace: 'default', principal: { kind: '__proto__', id: 'x', roles: [] } },
      { workspace: 'default', principal: { kind: 'user', id: '', roles: ['admin'] } },
      { workspace: 'default', principal: { kind: 'user', id: 'x', roles: 'admin' } },
      { workspace: '*', principal: CALLERS.admin },
      { workspace: '', principal: CALLERS.admin },
      { workspace: "default'; set role postgres", principal: CALLERS.admin },
    ]
    for (const identity of nobody) {
      expect(() => test.governor.as(identity as Identity), JSON.stringify(identity)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^[A-Z_]+$/) }),
      )
    }
  })

  it(verifies(['I-36', 'I-5'], 'gives an agent no role that it claims'), async () => {
    const principal = { kind: 'agent', id: 'bot', roles: ['admin'], scopes, credential } as unknown as Principal
    const allowed: string[] = []
    for (const operation of Object.keys(PROBES) as Operation[]) {
      if (PERMISSIONS[operation].agent !== 'never') continue
      let code = 'PERMISSION_DENIED'
      try {
        code = await codeOf(operation, test.governor.as({ workspace: 'default', principal }))
      } catch {
        // Such an identity is none at all.
      }
      if (code !== 'PERMISSION_DENIED') allowed.push(`${operation}: ${code}`)
    }
    expect(allowed).toEqual([])
  })
})
