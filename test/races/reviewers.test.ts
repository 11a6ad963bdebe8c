import { setTimeout as delay } from 'node:timers/promises'
import type { AgentReview, ControlScope } from '@preceptor/client'
import type { ChatModel, Settings } from '@preceptor/core'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'

const PROCESSES = 8
const LANES = 2
const MOST_AT_ONCE = 5
const CANARY = /"(?:voucher\.issue|contact\.export|note\.update|member\.update|order\.cancel)"/
const SETTINGS = { deadlineMs: 10_000, modelAnswerMs: 10_000, reviewsPerHour: 10_000 }

describeWithPostgres('the limits of reviewers that several processes ask at once', () => {
  let database: TestDatabase
  let client: pg.Client
  let test: TestGovernor
  let count = 0
  /** How many questions each reviewer was at, at the most. */
  const most = new Map<string, number>()

  /** A model that approves what is no canary, and takes its time. */
  function modelOf(name: string): ChatModel {
    let inFlight = 0
    return {
      name,
      async invoke([system, user]) {
        inFlight += 1
        most.set(name, Math.max(most.get(name) ?? 0, inFlight))
        // Until as many as may be are at it, or nobody else comes.
        for (let turn = 0; turn < 10 && inFlight < MOST_AT_ONCE; turn += 1) await delay(5)
        inFlight -= 1
        const action_hash = /"action_hash": "([0-9a-f]{64})"/.exec(system?.content ?? '')?.[1]
        const verdict = CANARY.test(user?.content ?? '') ? 'deny' : 'approve'
        return JSON.stringify({ verdict, action_hash, reasons: ['It is as it should be.'] })
      },
    }
  }

  const reviewers = { judge: { model: modelOf('judge') }, fresh: { model: modelOf('fresh') } }
  const open = (settings: Partial<Settings> = {}): Promise<TestGovernor> =>
    createTestGovernor({ database: database.url, reviewers, settings: { ...SETTINGS, ...settings } })

  beforeAll(async () => {
    database = await createTestDatabase()
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
    test = await open()
    for (const [reviewer, agent, category] of [
      ['judge', 'intern', 'Support'],
      ['fresh', 'clerk', 'Finance'],
    ] as const) {
      await test.admin.agents.register({ id: reviewer, maturity: 'autonomous', ownerId: 'paul', category })
      const capabilities = ['note']
      await test.admin.agents.register({ id: agent, maturity: 'intern', ownerId: 'olga', category, capabilities })
    }
    // Until what it says of medium risk counts.
    const ana = test.user('ana', 'supervisor')
    for (;;) {
      const { items } = await ana.reviewers.list()
      if (items.find(({ agent }) => agent === 'judge')?.record.counts.medium === true) break
      await Promise.all(
        (await ask('intern', 4)).map(async (id) => {
          await untilReviewed(ana, id)
          const { version, actionHash } = await ana.proposals.get(id)
          await ana.proposals.approve(id, { version, actionHash })
        }),
      )
    }
  }, 60_000)
  afterAll(async () => {
    await test?.close()
    await client?.end()
    await database?.drop()
  })

  /** Proposals of an agent. */
  function ask(agent: string, number: number): Promise<readonly string[]> {
    return Promise.all(
      Array.from({ length: number }, async () => {
        count += 1
        const trigger = { agent, action: 'note.write', args: { text: 'Hello.' }, idempotencyKey: `ask-${count}` }
        const decision = await test.agent(agent).decide(trigger)
        if (decision.route !== 'proposal') throw new Error(decision.reason)
        return decision.proposal.id
      }),
    )
  }

  /** Asks again while every reviewer is at as many as it may be; null where the budget is used up. */
  async function untilReviewed(scope: ControlScope, id: string): Promise<AgentReview | null> {
    for (let times = 0; times < 500; times += 1) {
      try {
        return await scope.proposals.review(id)
      } catch (error) {
        const { code } = error as { readonly code?: string }
        if (code === 'LIMIT_EXCEEDED') return null
        if (code !== 'CONFLICT') throw error
      }
      await delay(20)
    }
    throw new Error(`Nobody was free for ${id}.`)
  }

  /** Lets all processes ask about the proposals at the same time, two at a time in each. */
  async function contend(
    ids: readonly string[],
    settings: Partial<Settings>,
  ): Promise<readonly (AgentReview | null)[]> {
    const planes = await Promise.all(Array.from({ length: PROCESSES }, () => open(settings)))
    most.clear()
    try {
      const lanes = Array.from({ length: PROCESSES * LANES }, async (_, lane) => {
        const ana = planes[lane % PROCESSES]?.user(`ana-${lane}`, 'supervisor')
        const results: (AgentReview | null)[] = []
        for (const id of ids.filter((_id, index) => index % (PROCESSES * LANES) === lane))
          if (ana !== undefined) results.push(await untilReviewed(ana, id))
        return results
      })
      return (await Promise.all(lanes)).flat()
    } finally {
      await Promise.all(planes.map((plane) => plane.close()))
    }
  }

  async function used(): Promise<{ readonly asked: number; readonly characters: number }> {
    const { rows } = await client.query(
      'select count(*)::int as asked, sum(characters)::int as characters from reviews',
    )
    return rows[0]
  }

  it(verifies('I-28', 'hold for how often they are asked in an hour, tests and all'), async () => {
    // The first few questions are mostly tests.
    for (const more of [2, 20]) {
      const { asked } = await used()
      const results = await contend(await ask('clerk', more + 16), { reviewsPerHour: asked + more })
      expect((await used()).asked).toBe(asked + more)
      expect(results).toContain(null)
    }
    expect(most.get('fresh')).toBeLessThanOrEqual(MOST_AT_ONCE)
  }, 60_000)

  it(verifies('I-28', 'hold for how much they are asked in a day'), async () => {
    const { characters } = await used()
    const most = characters + 20_000
    const results = await contend(await ask('intern', 32), { reviewCharactersPerDay: most })
    expect(results).toContain(null)
    expect((await used()).characters).toBeLessThanOrEqual(most)
  }, 60_000)

  it(verifies(['I-24', 'I-28'], 'hold for what they approve of an agent in sum'), async () => {
    const approved = async (): Promise<number> => {
      const { rows } = await client.query(
        `select count(*)::int as approved from reviews where effect = 'approved' and agent_id = 'intern'`,
      )
      return rows[0].approved
    }
    const before = await approved()
    const results = await contend(await ask('intern', 24), { reviewedPerAgent: before + 6 })
    expect(results.every((review) => review?.verdict === 'approve')).toBe(true)
    expect(results.filter((review) => review?.effect === 'approved')).toHaveLength(6)
    expect(await approved()).toBe(before + 6)
    expect(most.get('judge')).toBeLessThanOrEqual(MOST_AT_ONCE)
  }, 60_000)
})
