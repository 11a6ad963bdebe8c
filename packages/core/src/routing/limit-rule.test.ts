import type { JsonObject } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { hashCanonical } from '../kernel/canonical-json.ts'
import type { Limit } from '../policy/policy-document.ts'
import { checkLimit, costOf, countersOf, inOneOrder, type LimitedAttempt, type LimitUse } from './limit-rule.ts'

const AT = '2026-01-01T10:30:00.000Z'
const few: Limit = { name: 'few', per: 'hour', most: 3 }
const daily: Limit = { name: 'daily', per: 'day', most: 100, spend: 'cents' }
const counted = (limit: Limit, change: Partial<LimitedAttempt> = {}) =>
  countersOf({ agents: ['bot', 'boss'], args: {}, resource: null, limits: [limit], at: AT, ...change }).map(
    ({ counter }) => counter,
  )

describe('what a limit is counted by [LIM-1, I-24]', () => {
  it('is each agent, in the window of the limit', () => {
    const hour = { name: 'few', windowStart: '2026-01-01T10:00:00.000Z' }
    expect(counted(few)).toEqual([
      { ...hour, subject: 'bot' },
      { ...hour, subject: 'boss' },
    ])
    expect(counted({ ...few, scope: 'agent', agents: ['boss', 'other'] })).toEqual([{ ...hour, subject: 'boss' }])
    expect(counted({ ...daily, agents: ['bot'] })).toEqual([
      { name: 'daily', windowStart: '2026-01-01T00:00:00.000Z', subject: 'bot' },
    ])
  })

  it('is nothing where no agent is covered, and once for the workspace where one is', () => {
    expect(counted({ ...few, agents: ['other'] })).toEqual([])
    expect(counted({ ...few, scope: 'workspace', agents: ['other'] })).toEqual([])
    expect(counted({ ...few, scope: 'target', agents: [] })).toEqual([])
    expect(counted({ ...few, scope: 'workspace', agents: ['bot'] })).toMatchObject([{ subject: '*', name: 'few' }])
  })

  it.each<[what: string, args: JsonObject, named: unknown]>([
    ['a text', { to: 'DE00' }, 'DE00'],
    ['a whole number', { to: 7 }, 7],
    ['zero', { to: 0 }, 0],
    ['an empty text', { to: '' }, null],
    ['a fraction', { to: 0.5 }, null],
    ['a list', { to: ['DE00'] }, null],
    ['true', { to: true }, null],
    ['null', { to: null }, null],
    ['nothing', {}, null],
  ])('is the hash of its target: %s', (_what, args, named) => {
    const subject = named === null ? undefined : `target:${hashCanonical(named as string)}`
    expect(counted({ ...few, scope: 'target', target: 'to' }, { args, resource: 'order-1' })).toEqual([
      subject === undefined ? null : { name: 'few', windowStart: '2026-01-01T10:00:00.000Z', subject },
    ])
  })

  it('is the resource where no argument is its target, and no name that every object inherits', () => {
    const subject = `target:${hashCanonical('order-1')}`
    expect(counted({ ...few, scope: 'target' }, { resource: 'order-1' })).toMatchObject([{ subject }])
    expect(counted({ ...few, scope: 'target' })).toEqual([null])
    expect(counted({ ...few, scope: 'target', target: 'constructor' })).toEqual([null])
  })

  it('is taken in one order by everybody', () => {
    const uses = [few, daily].flatMap((limit) =>
      countersOf({ agents: ['bot', 'boss'], args: {}, resource: null, limits: [limit], at: AT }),
    )
    const order = (list: typeof uses): unknown =>
      inOneOrder(list).map(({ limit, counter }) => [counter?.subject, limit.name])
    const expected = [
      ['boss', 'daily'],
      ['boss', 'few'],
      ['bot', 'daily'],
      ['bot', 'few'],
    ]
    expect(order(uses)).toEqual(expected)
    expect(order(uses.toReversed())).toEqual(expected)
    expect(order([...uses, { limit: few, counter: null }])).toEqual([[undefined, 'few'], ...expected])
  })
})

describe('what an attempt needs of a limit [LIM-1, I-24]', () => {
  it.each<[cents: unknown, cost: number | null]>([
    [5, 5],
    [0, 0],
    [-1, null],
    [0.5, null],
    ['5', null],
    [null, null],
    [undefined, null],
    [Number.MAX_SAFE_INTEGER + 1, null],
  ])('of %j is %j', (cents, cost) => {
    expect(costOf(daily, cents === undefined ? {} : ({ cents } as JsonObject))).toBe(cost)
  })

  it('is one where nothing is spent', () => {
    expect(costOf(few, { cents: 5 })).toBe(1)
  })
})

describe('what is left of a limit [LIM-1, I-24]', () => {
  const counter = { name: 'daily', windowStart: AT, subject: 'bot' }
  const check = (change: Partial<LimitUse>) => checkLimit({ limit: daily, counter, cost: 5, used: 0, ...change })

  it('is enough up to the last point', () => {
    expect(check({})).toMatchObject({ name: 'daily', sufficient: true })
    expect(check({ used: 95 }).sufficient).toBe(true)
    expect(check({ used: 96 }).sufficient).toBe(false)
    expect(check({ used: 100, cost: 0 }).sufficient).toBe(true)
    expect(check({ used: 150, cost: 0 }).sufficient).toBe(false)
  })

  it('says how much, and for whom', () => {
    expect(check({ used: 96 }).reason).toBe(
      'The limit "daily" of 100 per day of the agent "bot" has 4 left; 5 is needed.',
    )
    expect(check({ used: 150 }).reason).toContain('has 0 left')
    expect(check({ limit: { ...daily, scope: 'workspace' } }).reason).toContain('per day in the workspace has 100')
    expect(check({ limit: { ...daily, scope: 'target', target: 'to' } }).reason).toContain(
      'per day to one target has 100',
    )
  })

  it('is not enough where nobody can say', () => {
    const target: Limit = { ...daily, scope: 'target', target: 'to' }
    const unnamed = check({ limit: target, counter: null })
    expect(unnamed).toMatchObject({ name: 'daily', sufficient: false })
    expect(unnamed.reason).toContain('argument "to"')
    expect(check({ limit: { ...daily, scope: 'target' }, counter: null }).reason).toContain('the resource')
    const uncounted = check({ cost: null })
    expect(uncounted).toMatchObject({ name: 'daily', sufficient: false })
    expect(uncounted.reason).toContain('"cents"')
  })
})
