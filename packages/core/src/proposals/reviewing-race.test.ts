import { type ControlScope, GovernanceError, type Proposal, type Trigger } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'
import { HOUR, shown } from './approvals.test.helper.ts'

const ROUNDS = 12
const TERMINAL = ['rejected', 'expired', 'cancelled', 'approved']

/** Fifty at once share ten connections: who got none in time asks again, as the error says. */
async function insist<T>(act: () => Promise<T>, times = 5): Promise<T> {
  return act().catch((error: unknown) => {
    const isBusy = GovernanceError.isInstance(error) && error.code === 'STORE_UNAVAILABLE'
    if (isBusy && times > 1) return insist(act, times - 1)
    throw error
  })
}

interface Asked {
  readonly trigger: Trigger
  readonly proposal: Proposal
}

describeWithPostgres('a proposal that people of several processes review', () => {
  const server = useTestDatabase()
  const governors: TestGovernor[] = []
  let offset = 0
  let attempts = 0
  beforeAll(async () => {
    for (const most of [1_000, 2_000]) {
      governors.push(
        await createTestGovernor({
          database: server.url,
          clock: { now: () => Date.now() + offset, monotonic: () => performance.now() },
          actions: {
            'refund.create': { risk: 'high' },
            'ledger.close': { risk: 'critical' },
            // Of two releases.
            'refund.partial': { risk: 'high', args: z.object({ cents: z.int().max(most) }) },
          },
        }),
      )
    }
  })
  afterAll(() => Promise.all(governors.map((test) => test.close())))

  const both = (): readonly [TestGovernor, TestGovernor] => {
    const [one, two] = governors
    if (one === undefined || two === undefined) throw new Error('The governors are not there.')
    return [one, two]
  }
  const people = (id: string): readonly [ControlScope, ControlScope] => {
    const [one, two] = both()
    return [one.user(id, 'supervisor'), two.user(id, 'supervisor')]
  }

  async function ask(agent: string, extra: Partial<Trigger> = {}): Promise<Asked> {
    const [one] = both()
    attempts += 1
    const trigger = { agent, action: 'refund.create', args: {}, idempotencyKey: `ask-${attempts}`, ...extra }
    const decision = await one.agent(agent).decide(trigger)
    if (decision.route !== 'proposal') throw new Error(`${decision.route}: ${decision.reason}`)
    return { trigger, proposal: await one.admin.proposals.get(decision.proposal.id) }
  }

  it('has one winner of fifty approvals, and tells 49 who it was [I-4, I-6, PROP-1]', async () => {
    const [one, two] = both()
    await one.register('fifty', 'intern')
    const { proposal } = await ask('fifty')
    const settled = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        insist(() =>
          (index % 2 === 0 ? one : two).user(`r${index}`, 'supervisor').proposals.approve(proposal.id, shown(proposal)),
        ),
      ),
    )
    const lost = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    const { decidedBy, reviews } = await two.admin.proposals.get(proposal.id)
    expect(lost).toHaveLength(49)
    expect(reviews).toHaveLength(1)
    for (const error of lost) {
      expect(error).toMatchObject({ code: 'PROPOSAL_DECIDED', details: { state: 'approved', decidedBy } })
    }
  }, 60_000)

  it('goes where the first of them brings it, and runs only if that is an approval [I-6, PROP-13]', async () => {
    const [one, two] = both()
    for (let round = 0; round < ROUNDS; round += 1) {
      const agent = `round-${round}`
      await one.register(agent, 'intern')
      const { trigger, proposal } = await ask(agent)
      const reviewed = shown(proposal)
      const until = new Date(Date.parse(proposal.createdAt) + 72 * HOUR).toISOString()
      const isLate = round % 3 === 2
      if (isLate) offset += 25 * HOUR
      await Promise.allSettled([
        two.user('ana', 'supervisor').proposals.approve(proposal.id, reviewed),
        one.user('ben', 'supervisor').proposals.extend(proposal.id, { ...reviewed, until }),
        ...(round % 2 === 0
          ? [
              two
                .user('cy', 'supervisor')
                .proposals.reject(proposal.id, { ...reviewed, category: 'other', reason: 'No.' }),
            ]
          : []),
        ...(round % 4 === 1 ? [one.admin.proposals.cancel(proposal.id, 'Not needed.')] : []),
        ...(round % 4 === 3 ? [two.admin.agents.demote(agent, 'student', 'A test.')] : []),
        one.governor.jobs.run('expire-proposals', { workspace: 'default' }),
        two.user('dan', 'supervisor').proposals.acknowledge(proposal.id),
      ])
      // What somebody held when the job looked is expired by the next one.
      if (isLate) await one.governor.jobs.run('expire-proposals', { workspace: 'default' })
      const after = await two.admin.proposals.get(proposal.id)
      const results = await Promise.all([one, two, one].map((test) => test.agent(agent).guard(trigger, () => 'ran')))
      const executed = results.filter(({ status }) => status === 'executed').length
      const ended = await one.admin.proposals.get(proposal.id)
      // An extension, or the change of the agent, leaves it pending for people to decide on anew.
      expect([...TERMINAL, 'pending']).toContain(after.state)
      expect({ round, executed }).toEqual({ round, executed: ended.state === 'succeeded' ? 1 : 0 })
      if (after.state !== 'approved') expect(ended.state).toBe(after.state)
      // Past its time it may still be withdrawn, which lets nothing run either.
      const isWithdrawn = round % 4 === 1
      if (isLate) expect(isWithdrawn ? ['expired', 'cancelled'] : ['expired']).toContain(after.state)
      const kinds = (await one.admin.journal.list({ subject: proposal.id, limit: 100 })).items.map(({ kind }) => kind)
      const ends = kinds.filter((kind) => /\.(rejected|expired|cancelled|succeeded)$/.test(kind))
      expect(ends.length).toBeLessThanOrEqual(1)
    }
  }, 90_000)

  it('needs its quorum on one version, and one rejection outweighs it [I-6, I-27, PROP-13]', async () => {
    const [one] = both()
    await one.register('books', 'intern')
    const [ana] = people('ana')
    const [, ben] = people('ben')
    const first = await ask('books', { action: 'ledger.close' })
    await ana.proposals.approve(first.proposal.id, shown(first.proposal))
    const until = new Date(Date.parse(first.proposal.createdAt) + 72 * HOUR).toISOString()
    const extended = await ben.proposals.extend(first.proposal.id, { ...shown(first.proposal), until })
    // What was approved of the version before is dismissed.
    expect(await ben.proposals.approve(extended.id, shown(extended))).toMatchObject({ state: 'pending' })
    const [approved, rejected] = await Promise.allSettled([
      ana.proposals.approve(extended.id, shown(extended)),
      people('cy')[1].proposals.reject(extended.id, { ...shown(extended), category: 'not_allowed', reason: 'No.' }),
    ])
    const { state } = await one.admin.proposals.get(extended.id)
    expect([approved?.status, rejected?.status].sort()).toEqual(['fulfilled', 'rejected'])
    expect(state).toBe(rejected?.status === 'fulfilled' ? 'rejected' : 'approved')
    const ran = await one.agent('books').guard(first.trigger, () => 'ran')
    expect(ran.status).toBe(state === 'approved' ? 'executed' : 'withheld')
  }, 30_000)

  it('of another release is decided on as it is registered here, or as it runs there [PROP-10]', async () => {
    const [one] = both()
    await one.register('parts', 'intern')
    const [, ana] = people('ana')
    const { trigger, proposal } = await ask('parts', { action: 'refund.partial', args: { cents: 5 } })
    await expect(ana.proposals.approve(proposal.id, shown(proposal))).rejects.toMatchObject({
      code: 'PROPOSAL_CHANGED',
    })
    const here = await ana.proposals.get(proposal.id)
    expect(here.digest).not.toBe(proposal.digest)
    await ana.proposals.approve(proposal.id, shown(here))
    expect(await one.agent('parts').guard(trigger, () => 'ran')).toMatchObject({
      decision: { proposal: { version: 3 } },
    })
    const there = await ana.proposals.get(proposal.id)
    expect(there.digest).toBe(proposal.digest)
    // It was bound to the release that runs it: what this one knows of the action is not asked again.
    await ana.proposals.approve(proposal.id, shown(there))
    expect(await one.agent('parts').guard(trigger, () => 'ran')).toMatchObject({ status: 'executed' })
  }, 30_000)
})
