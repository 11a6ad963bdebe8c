import type { GuardResult, JsonObject, Proposal, Trigger } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'
import { shown } from './approvals.test.helper.ts'

const ROUNDS = 18
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

describeWithPostgres('a proposal on which several processes act at once', () => {
  const server = useTestDatabase()
  const governors: TestGovernor[] = []
  const ran = new Map<string, JsonObject[]>()
  beforeAll(async () => {
    for (let each = 0; each < 2; each += 1) governors.push(await createTestGovernor({ database: server.url }))
    await governors[0]?.register('bot', 'intern')
  })
  afterAll(() => Promise.all(governors.map((test) => test.close())))

  const attempt = (test: TestGovernor, trigger: Trigger): Promise<GuardResult<string>> =>
    test.agent('bot').guard(trigger, async ({ args, idempotencyKey }) => {
      ran.set(idempotencyKey, [...(ran.get(idempotencyKey) ?? []), args])
      await pause(3)
      return 'ran'
    })

  async function attempts(test: TestGovernor, trigger: Trigger): Promise<readonly GuardResult<string>[]> {
    const results: GuardResult<string>[] = []
    for (let times = 0; times < 6; times += 1) {
      await pause(times * 3)
      results.push(await attempt(test, trigger))
    }
    return results
  }

  /** What people and jobs do to it meanwhile, other in each round. */
  function meddle([one, two]: readonly [TestGovernor, TestGovernor], proposal: Proposal, round: number) {
    const { id } = proposal
    const version = shown(proposal)
    const reject = { ...version, category: 'other', reason: 'No.' } as const
    return [
      two
        .user('ana', 'supervisor')
        .proposals.approve(id, round % 2 === 0 ? version : { ...version, args: { edited: round } }),
      one.user('ben', 'supervisor').proposals.approve(id, version),
      ...(round % 4 === 3 ? [two.user('ben', 'supervisor').proposals.reject(id, reject)] : []),
      ...(round % 5 === 4 ? [one.admin.proposals.cancel(id, 'Not needed.')] : []),
      ...(round % 6 === 5 ? [two.admin.agents.pause('bot', 'A moment.')] : []),
      one.governor.jobs.run('expire-proposals', { workspace: 'default' }),
      two.governor.jobs.run('settle-lost-executions', { workspace: 'default' }),
    ]
  }

  it('runs at most once, and says so to everybody [I-2, I-4, I-6]', async () => {
    const [one, two] = governors
    if (one === undefined || two === undefined) throw new Error('The governors are not there.')
    for (let round = 0; round < ROUNDS; round += 1) {
      const trigger = { agent: 'bot', action: 'refund.create', args: { round }, idempotencyKey: `round-${round}` }
      const decision = await attempt(one, trigger)
      const { items } = await one.admin.proposals.list({ limit: 1 })
      const [proposal] = items
      if (proposal?.decisionId !== decision.decision.id) throw new Error('Nothing was proposed.')
      const people = Promise.allSettled(meddle([one, two], proposal, round))
      const results = await Promise.all([
        attempts(one, trigger),
        attempts(two, trigger),
        attempts(two, { ...trigger, permit: proposal.id }),
        attempts(one, { ...trigger, permit: 'matching' }),
      ])
      await people
      if (round % 6 === 5) await two.admin.agents.resume('bot', 'Go on.')
      const times = ran.get(trigger.idempotencyKey)?.length ?? 0
      const { state } = await two.admin.proposals.get(proposal.id)
      expect({ round, times, succeeded: state === 'succeeded' }).toEqual({
        round,
        times: times && 1,
        succeeded: times === 1,
      })
      const codes = results.flat().flatMap(({ decision: each }) => (each.route === 'denied' ? [each.code] : []))
      // None of these says what became of it, and who gets one would believe that it did not run.
      for (const code of ['PERMIT_REFUSED', 'STORE_UNAVAILABLE', 'INTERNAL']) expect(codes).not.toContain(code)
    }
    expect(ran.size).toBeGreaterThan(3)
  }, 90_000)
})
