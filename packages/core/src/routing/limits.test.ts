import type { Decision, JsonObject, Trigger } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestClock } from '../testing/test-clock.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

const HOUR = 3_600_000
const reason = 'a test'
const clock = createTestClock()
let test: TestGovernor

beforeAll(async () => {
  test = await createTestGovernor({ clock, settings: { deadlineMs: 30_000 } })
  for (const id of ['lead', 'sub', 'other']) await test.register(id, 'autonomous')
  await test.register('asker', 'intern')
})
afterAll(() => test.close())

async function limit(...limits: JsonObject[]): Promise<void> {
  const { version } = await test.admin.policies.current()
  // Every test counts anew.
  const named = limits.map((one) => ({ ...one, name: `${one.name}-${version}` }))
  await test.admin.policies.put({ limits: named }, { basedOn: version, reason })
}

function pay(agent: string, args: JsonObject, trigger: Partial<Trigger> = {}): Promise<Decision> {
  return test.agent(agent).decide({ agent, action: 'refund.create', args, ...trigger }, { claim: true })
}

const codeOf = (decision: Decision): string => ('code' in decision ? decision.code : decision.route)
const DAILY = { name: 'daily', per: 'day', most: 20_000, spend: 'amount' } as const

describe('a limit on a sum', () => {
  it('stops three payments of 10,000 to one target, each of which is small enough, whoever makes them [LIM-1, I-24]', async () => {
    await limit({ ...DAILY, scope: 'target', target: 'iban' })
    const thief = { amount: 10_000, iban: 'US133000000121212121212' }
    expect(codeOf(await pay('lead', thief))).toBe('execution')
    expect(codeOf(await pay('sub', thief))).toBe('execution')
    const third = await pay('other', thief)
    expect(third).toMatchObject({ route: 'denied', code: 'LIMIT_EXCEEDED' })
    expect(third.reason).not.toContain('US13')
    expect(codeOf(await pay('lead', { ...thief, iban: 'DE89370400440532013000' }))).toBe('execution')
  })

  it('of a target that the args do not name denies, as does one that names no amount [LIM-1]', async () => {
    await limit({ ...DAILY, scope: 'target', target: 'iban' })
    for (const args of [{ amount: 1 }, { amount: 1, iban: '' }, { amount: 1, iban: ['x'] }, { iban: 'x' }]) {
      expect(codeOf(await pay('lead', args))).toBe('LIMIT_EXCEEDED')
    }
    await limit({ ...DAILY, scope: 'target' })
    expect(codeOf(await pay('lead', { amount: 1 }))).toBe('LIMIT_EXCEEDED')
    expect(codeOf(await pay('lead', { amount: 20_000 }, { resource: 'account-1' }))).toBe('execution')
    expect(codeOf(await pay('sub', { amount: 1 }, { resource: 'account-1' }))).toBe('LIMIT_EXCEEDED')
  })

  it('of the workspace is shared by all, and one for some agents is for these [LIM-1]', async () => {
    await limit({ ...DAILY, scope: 'workspace' }, { name: 'few', per: 'day', most: 1, agents: ['other'] })
    expect(codeOf(await pay('lead', { amount: 15_000 }))).toBe('execution')
    expect(codeOf(await pay('sub', { amount: 5_001 }))).toBe('LIMIT_EXCEEDED')
    expect(codeOf(await pay('other', { amount: 1 }))).toBe('execution')
    expect(codeOf(await pay('other', { amount: 1 }))).toBe('LIMIT_EXCEEDED')
    expect(codeOf(await pay('sub', { amount: 1 }))).toBe('execution')
  })

  it('is refused in a policy that could not count it [LIM-1, POL-1]', async () => {
    for (const wrong of [
      { target: 'iban' },
      { scope: 'everywhere' },
      { agents: [] },
      { scope: 'agent', target: 'x' },
    ]) {
      await expect(limit({ ...DAILY, ...wrong })).rejects.toMatchObject({ code: 'POLICY_INVALID' })
    }
  })
})

describe('what an agent has others do', () => {
  it('counts for it as well: a budget is shared by its chain, not multiplied [LIM-2, I-10]', async () => {
    await limit(DAILY)
    expect(codeOf(await pay('sub', { amount: 12_000 }, { delegation: ['lead'] }))).toBe('execution')
    expect(codeOf(await pay('other', { amount: 12_000 }, { delegation: ['lead'] }))).toBe('LIMIT_EXCEEDED')
    expect(codeOf(await pay('lead', { amount: 8_000 }))).toBe('execution')
    expect(codeOf(await pay('lead', { amount: 1 }))).toBe('LIMIT_EXCEEDED')
    expect(codeOf(await pay('sub', { amount: 8_000 }))).toBe('execution')
    expect(codeOf(await pay('sub', { amount: 1 }))).toBe('LIMIT_EXCEEDED')
  })
})

describe('what is used of a limit', () => {
  it('is used where something runs: not by a proposal, not by its approval, but at its claim [LIM-3]', async () => {
    await limit({ ...DAILY, most: 10 })
    const asked = [await pay('asker', { amount: 6 }), await pay('asker', { amount: 7 })]
    const keys = []
    for (const decision of asked) {
      if (decision.route !== 'proposal') throw new Error('It is a proposal.')
      const { id, version, actionHash } = decision.proposal
      await test.user('sue', 'supervisor').proposals.approve(id, { version, actionHash })
      keys.push(id)
    }
    expect(codeOf(await pay('asker', { amount: 6 }, { permit: keys[0] ?? '' }))).toBe('execution')
    expect(codeOf(await pay('asker', { amount: 7 }, { permit: keys[1] ?? '' }))).toBe('LIMIT_EXCEEDED')
  })

  it('is given back when nothing ran, to every agent of the chain, and once [LIM-3]', async () => {
    await limit({ ...DAILY, most: 10 })
    const trigger = { agent: 'sub', action: 'refund.create', args: { amount: 10 }, delegation: ['lead'] }
    const stop = new AbortController()
    stop.abort()
    const aborted = test.agent('sub').guard(trigger, () => 'paid', { signal: stop.signal })
    await expect(aborted).rejects.toThrow('aborted')
    expect(codeOf(await pay('sub', { amount: 10 }, { delegation: ['lead'] }))).toBe('execution')
    expect(codeOf(await pay('lead', { amount: 1 }))).toBe('LIMIT_EXCEEDED')
  })

  it('stays used by a run that failed: it may have had its effect [LIM-3]', async () => {
    await limit({ ...DAILY, most: 10 })
    const trigger = { agent: 'lead', action: 'refund.create', args: { amount: 10 } }
    const failing = test.agent('lead').guard(trigger, () => {
      throw new TypeError('no answer')
    })
    await expect(failing).rejects.toThrow('no answer')
    expect(codeOf(await pay('lead', { amount: 1 }))).toBe('LIMIT_EXCEEDED')
  })

  it('begins anew with the next window [LIM-1]', async () => {
    await limit({ ...DAILY, per: 'hour', most: 10 })
    expect(codeOf(await pay('lead', { amount: 10 }))).toBe('execution')
    expect(codeOf(await pay('lead', { amount: 1 }))).toBe('LIMIT_EXCEEDED')
    clock.advance(HOUR)
    expect(codeOf(await pay('lead', { amount: 10 }))).toBe('execution')
  })

  it('is never more than there is, however many attempt at once [LIM-1, POL-5]', async () => {
    await limit({ ...DAILY, most: 70 }, { ...DAILY, name: 'all', most: 100, scope: 'workspace' })
    const agents = ['lead', 'sub', 'other']
    const decisions = await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const [agent = 'lead', above = 'sub'] = [agents[index % 3], agents[(index + 1) % 3]]
        return pay(agent, { amount: 7 }, index % 2 === 0 ? {} : { delegation: [above] })
      }),
    )
    const ran = decisions.filter(({ route }) => route === 'execution')
    expect(ran.length).toBeGreaterThan(0)
    expect(ran.length).toBeLessThanOrEqual(14)
    expect(new Set(decisions.map(codeOf))).toEqual(new Set(['execution', 'LIMIT_EXCEEDED']))
  })
})
