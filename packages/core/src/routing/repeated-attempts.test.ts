import type { ControlScope, GuardResult, Trigger } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGovernor, type EmbeddedGovernor } from '../governor.ts'

class Interrupt extends Error {}

let governor: EmbeddedGovernor
let admin: ControlScope
let effects: string[] = []

beforeAll(async () => {
  governor = await createGovernor({
    memory: true,
    actions: {
      'refund.create': { risk: 'high', idempotent: true },
      'order.cancel': { risk: 'high' },
      'order.read': { risk: 'safe' },
      'note.write': { risk: 'medium' },
    },
  })
  admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'root', roles: ['admin'] } })
})
afterAll(() => governor.close())

function scopeOf(agent: string): ControlScope {
  return governor.as({ workspace: 'default', principal: { kind: 'agent', id: agent, roles: [] } })
}

async function run(agent: string, action: string, more: Partial<Trigger> = {}): Promise<GuardResult<string>> {
  const trigger = { agent, action, args: {}, idempotencyKey: `${agent} ${action}`, ...more }
  return scopeOf(agent).guard(trigger, () => {
    effects.push(trigger.idempotencyKey)
    return 'ran'
  })
}

async function runThrowing(agent: string, action: string, error: Error): Promise<void> {
  const trigger = { agent, action, args: {}, idempotencyKey: `${agent} ${action}` }
  const isControlFlow = (thrown: unknown): boolean => thrown instanceof Interrupt
  const guarded = scopeOf(agent).guard(trigger, () => Promise.reject(error), { isControlFlow })
  await expect(guarded).rejects.toBe(error)
}

const routeOf = (result: GuardResult<string>): string => `${result.status} ${result.decision.route}`

describe('an attempt that may run again is ruled on anew [I-4, I-13]', () => {
  it('does not run for an agent that was demoted after its run was released', async () => {
    await admin.agents.register({ id: 'released', maturity: 'autonomous', ownerId: 'ana' })
    await runThrowing('released', 'order.cancel', new Interrupt())
    await admin.agents.demote('released', 'student', 'Caught out.')
    effects = []
    expect(routeOf(await run('released', 'order.cancel'))).toBe('withheld training')
    expect(effects).toEqual([])
  })

  it('does not run an idempotent action again for an agent that was demoted after it failed', async () => {
    await admin.agents.register({ id: 'failed', maturity: 'autonomous', ownerId: 'ana' })
    await runThrowing('failed', 'refund.create', new Error('no answer'))
    await admin.agents.demote('failed', 'intern', 'Caught out.')
    effects = []
    expect(routeOf(await run('failed', 'refund.create'))).toBe('withheld proposal')
    expect(routeOf(await run('failed', 'refund.create'))).toBe('withheld proposal')
    expect(effects).toEqual([])
  })

  it('waits for a supervisor again', async () => {
    await admin.agents.register({ id: 'watched', maturity: 'autonomous', ownerId: 'ana' })
    await runThrowing('watched', 'refund.create', new Error('no answer'))
    await admin.agents.demote('watched', 'supervised', 'Caught out.')
    effects = []
    expect(routeOf(await run('watched', 'refund.create'))).toBe('withheld queue')
    expect(effects).toEqual([])
  })

  it('runs again where the rules still let it, and answers from then on', async () => {
    await admin.agents.register({ id: 'steady', maturity: 'autonomous', ownerId: 'ana' })
    await runThrowing('steady', 'refund.create', new Error('no answer'))
    effects = []
    expect(routeOf(await run('steady', 'refund.create'))).toBe('executed execution')
    await admin.agents.demote('steady', 'student', 'Caught out.')
    expect(await run('steady', 'refund.create')).toMatchObject({ status: 'replayed', outcome: { value: 'ran' } })
    expect(effects).toHaveLength(1)
  })
})

describe('a key belongs to one action with one set of arguments [I-22]', () => {
  it('is refused for another action, whatever it led to', async () => {
    for (const maturity of ['student', 'intern', 'supervised', 'autonomous'] as const) {
      const agent = `key-${maturity}`
      await admin.agents.register({ id: agent, maturity, ownerId: 'ana' })
      await run(agent, 'order.cancel', { idempotencyKey: 'one' })
      const other = await run(agent, 'refund.create', { idempotencyKey: 'one' })
      expect(other, maturity).toMatchObject({ decision: { route: 'denied', code: 'IDEMPOTENCY_KEY_REUSED' } })
    }
  })
})

describe('limits [POL-5]', () => {
  beforeAll(async () => {
    const limits = ['order.read', 'note.write', 'order.cancel'].map((action) => {
      return { name: action, action, per: 'day', most: 1 }
    })
    await admin.policies.put({ limits, shadow: ['note'] }, { basedOn: 0, reason: 'Limits for tests.' })
    await admin.agents.register({ id: 'limited', maturity: 'autonomous', ownerId: 'ana' })
  })

  it('are used up by safe actions too', async () => {
    expect(routeOf(await run('limited', 'order.read', { idempotencyKey: 'read 1' }))).toBe('executed execution')
    const second = await run('limited', 'order.read', { idempotencyKey: 'read 2' })
    expect(second.decision).toMatchObject({ route: 'denied', code: 'LIMIT_EXCEEDED' })
  })

  it('do not take the recorded outcome from an attempt that used them up', async () => {
    expect((await run('limited', 'order.cancel')).status).toBe('executed')
    expect((await run('limited', 'order.cancel')).status).toBe('replayed')
  })

  it('alter nothing under shadow', async () => {
    for (const key of ['note 1', 'note 2', 'note 3']) {
      expect((await run('limited', 'note.write', { idempotencyKey: key })).status).toBe('executed')
    }
  })
})
