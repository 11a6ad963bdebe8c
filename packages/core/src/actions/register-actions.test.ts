import type { ActionDefinitions, ControlScope, Principal } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'
import { createActionRegistry } from './action-registry.ts'
import { specifyAction } from './specify-action.ts'

const SCOPES = ['actions.register', 'triggers.decide']

let test: TestGovernor

beforeAll(async () => {
  const actions: ActionDefinitions = {
    'db.drop': { risk: 'critical', ceiling: 'supervised' },
    'db.read': { risk: 'safe' },
  }
  test = await createTestGovernor({ actions })
  await test.register('novice', 'student')
})
afterAll(() => test.close())

function as(principal: Partial<Principal> & Pick<Principal, 'kind'>): ControlScope {
  return test.governor.as({ workspace: 'default', principal: { id: 'wire', roles: [], ...principal } })
}

describe('a definition that comes in with a credential [I-1]', () => {
  const service = () => as({ kind: 'service', credential: 'key_one', scopes: SCOPES })

  it.each([
    ['a lower risk', { risk: 'safe', ceiling: 'supervised' }],
    ['a higher ceiling', { risk: 'critical', ceiling: 'autonomous' }],
    ['a repeatable run', { risk: 'critical', ceiling: 'supervised', idempotent: true }],
    ['a capability without rules', { risk: 'critical', ceiling: 'supervised', capability: 'other' }],
  ] as const)('is refused when it gives a registered action %s', async (_, definition) => {
    const registering = service().registerActions({ 'db.drop': definition })
    await expect(registering).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    const attempt = { agent: 'novice', action: 'db.drop', args: {} }
    expect(await service().decide(attempt)).toMatchObject({ route: 'training', risk: 'critical' })
  })

  it('is refused together with all that came with it', async () => {
    const actions: ActionDefinitions = { 'new.one': { risk: 'safe' }, 'db.drop': { risk: 'safe' } }
    await expect(service().registerActions(actions)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    const decision = await service().decide({ agent: 'novice', action: 'new.one', args: {} })
    expect(decision).toMatchObject({ route: 'denied', code: 'ACTION_UNKNOWN' })
  })

  it('is taken when it is new, the same or stricter', async () => {
    const actions: ActionDefinitions = {
      'wire.only': { risk: 'safe' },
      'db.drop': { risk: 'critical', ceiling: 'supervised' },
      'db.read': { risk: 'medium' },
    }
    expect(await service().registerActions(actions)).toHaveLength(3)
  })

  it('may be laxer when an administrator sends it, or the host itself', async () => {
    const admin = as({ kind: 'user', id: 'root', roles: ['admin'], credential: 'key_two' })
    await expect(admin.registerActions({ 'db.drop': { risk: 'high' } })).resolves.toHaveLength(1)
    await expect(as({ kind: 'service' }).registerActions({ 'db.drop': { risk: 'medium' } })).resolves.toHaveLength(1)
  })
})

describe('the registry', () => {
  it('keeps the first of two definitions that are the same, so that nothing is compiled again', () => {
    const registry = createActionRegistry()
    const [first, second] = [specifyAction('db.read', {}), specifyAction('db.read', {})]
    registry.add('default', first)
    registry.add('default', second)
    const found = registry.find('default', 'db.read')
    expect(found.found === 'one' && found.action === first).toBe(true)
  })
})
