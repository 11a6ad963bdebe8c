import type { HostScope, MetricFamily, Principal } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../database/open-database.ts'
import { asOwner } from '../database/transaction.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

type Numbers = Readonly<Record<string, number>>

/** The numbers of a family, by the values of its labels. */
function numbersOf(families: readonly MetricFamily[], name: string): Numbers {
  const family = families.find((one) => one.name === name)
  if (family === undefined || family.type === 'histogram') throw new Error(`There is no ${name}.`)
  return Object.fromEntries(family.samples.map(({ labels, value }) => [Object.values(labels).join(' '), value]))
}

function countOf(families: readonly MetricFamily[], name: string): number {
  const family = families.find((one) => one.name === name)
  if (family?.type !== 'histogram') throw new Error(`There is no ${name}.`)
  return family.samples[0]?.counts.at(-1) ?? 0
}

function addUp(all: readonly Numbers[]): Numbers {
  const total: Record<string, number> = {}
  for (const [label, value] of all.flatMap((one) => Object.entries(one))) total[label] = (total[label] ?? 0) + value
  return total
}

describe('what a process counts', () => {
  let mode: 'go on' | 'fail' = 'go on'
  let test: TestGovernor
  beforeAll(async () => {
    const failpoint = async (name: string): Promise<void> => {
      if (name === 'decide.before_commit' && mode === 'fail') throw new Error('The power is gone.')
    }
    test = await createTestGovernor({ testing: { failpoint } })
    await test.register('bot', 'intern')
  })
  afterAll(() => test.close())

  const decisions = async (): Promise<Numbers> => numbersOf(await test.governor.metrics(), 'governance_decisions_total')

  it('is counted after the commit, and never when it is rolled back [OBS-1]', async () => {
    const scope = test.agent('bot')
    const trigger = { agent: 'bot', action: 'note.write', args: {} }
    await scope.decide(trigger)
    expect(await decisions()).toEqual({ 'intern proposal ai_coordinator': 1 })
    mode = 'fail'
    expect(await scope.decide(trigger)).toMatchObject({ route: 'denied', code: 'INTERNAL' })
    mode = 'go on'
    const families = await test.governor.metrics()
    expect(numbersOf(families, 'governance_decisions_total')).toEqual({ 'intern proposal ai_coordinator': 1 })
    expect(numbersOf(families, 'governance_unrecorded_denials_total')).toEqual({ '': 1 })
    // Who asked waited for both.
    expect(countOf(families, 'governance_decide_duration_seconds')).toBe(2)
  })

  it('is told to each workspace of its own alone [OBS-4]', async () => {
    const other = test.governor.as({ workspace: 'other', principal: { kind: 'user', id: 'root', roles: ['admin'] } })
    const system = test.governor.as({ workspace: 'default', principal: { kind: 'system', id: 'cli', roles: [] } })
    await system.workspaces.create({ id: 'other' })
    const as = (principal: Principal): HostScope => test.governor.as({ workspace: 'default', principal })
    const theirs = await other.metrics()
    expect(numbersOf(theirs, 'governance_decisions_total')).toEqual({})
    expect(numbersOf(theirs, 'governance_proposals_open')).toEqual({ safe: 0, medium: 0, high: 0, critical: 0 })
    expect(numbersOf(theirs, 'governance_agents')).toEqual({ student: 0, intern: 0, supervised: 0, autonomous: 0 })
    const ours = await as({ kind: 'user', id: 'root', roles: ['admin'] }).metrics()
    expect(numbersOf(ours, 'governance_proposals_open')).toMatchObject({ medium: 1 })
    expect(numbersOf(ours, 'governance_agents')).toMatchObject({ intern: 1 })
    for (const principal of [
      { kind: 'user', id: 'eve', roles: ['viewer'] },
      { kind: 'agent', id: 'bot', roles: [] },
      { kind: 'service', id: 'shop', roles: [], scopes: ['triggers.decide'] },
    ] as const) {
      await expect(as(principal).metrics()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    }
    const scraper = { kind: 'service', id: 'scraper', roles: [], scopes: ['metrics.read'] } as const
    expect(numbersOf(await as(scraper).metrics(), 'governance_up')).toEqual({ '': 1 })
  })
})

describeWithPostgres('what two processes count', () => {
  const server = useTestDatabase()
  const governors: TestGovernor[] = []
  beforeAll(async () => {
    // On a busy machine as well, everybody has an answer in time: a commit that nobody waited for is not counted.
    const settings = { deadlineMs: 20_000 }
    for (let each = 0; each < 2; each += 1) governors.push(await createTestGovernor({ database: server.url, settings }))
    for (const level of ['student', 'intern', 'supervised', 'autonomous'] as const) {
      await governors[0]?.register(level, level)
    }
  })
  afterAll(() => Promise.all(governors.map((test) => test.close())))

  it('adds up to what is on record [OBS-1]', async () => {
    const levels = ['student', 'intern', 'supervised', 'autonomous']
    const actions = ['order.read', 'note.write', 'refund.create', 'ledger.close', 'no.such.action']
    await Promise.all(
      Array.from({ length: 120 }, (_, each) => {
        const agent = levels[each % levels.length] ?? ''
        const action = actions[each % actions.length] ?? ''
        const test = governors[each % 2]
        return test?.agent(agent).guard({ agent, action, args: {}, idempotencyKey: `try-${each}` }, () => 'done', {
          attachWithinMs: 1,
        })
      }),
    )
    // What is in memory is committed with its group, and counted then.
    await Promise.all(governors.map((test) => test.governor.close()))
    const counted = await Promise.all(governors.map((test) => test.governor.metrics()))
    const total = addUp(counted.map((families) => numbersOf(families, 'governance_decisions_total')))
    expect(total).toEqual(await recorded(server.url))
    expect(counted.map((families) => numbersOf(families, 'governance_up'))).toEqual([{ '': 0 }, { '': 0 }])
    expect(Math.min(...counted.map((families) => countOf(families, 'governance_decide_duration_seconds')))).toBe(60)
  }, 60_000)
})

/** The decisions of a database, as its journal has them. */
async function recorded(url: string): Promise<Numbers> {
  const database = await openDatabase({ url })
  try {
    const { rows } = await asOwner(database, (client) =>
      client.query(
        `select concat_ws(' ', coalesce(d ->> 'maturity', 'none'), d ->> 'route', d ->> 'source') as label,
           count(*)::int as count
         from (select body::json -> 'decision' as d from journal where kind = 'decision.made') j group by 1`,
      ),
    )
    return Object.fromEntries(rows.map((row) => [String(row.label), Number(row.count)]))
  } finally {
    await database.close()
  }
}
