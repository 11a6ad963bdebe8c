import type { ControlScope, Proposal, Scope } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GovernorContext } from '../context.ts'
import { type Database, openDatabase } from '../database/open-database.ts'
import { inWorkspace } from '../database/transaction.ts'
import { openContext } from '../jobs/jobs.test.helper.ts'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'
import { countEvidence } from './count-evidence.ts'
import { type Earning, earn, noteEvidence } from './earn.ts'
import type { Evidence } from './evidence.ts'
import { seededRandom } from './seeded-random.test.helper.ts'

const DAY = 86_400_000
const DAYS = 60
const workspace = 'default'
const approved: Evidence = { kind: 'proposal', outcome: 'approved' }
const DENIED = { code: 'PERMISSION_DENIED' }

let database: Database
let test: TestGovernor
let offset = 0
let sources = 0
const clock = { now: () => Date.now() + offset, monotonic: () => performance.now() }

beforeAll(async () => {
  database = await openDatabase({ memory: true })
  // A busy machine is no fault here.
  test = await createTestGovernor({ database: database.pool, clock, settings: { deadlineMs: 10_000 } })
})
afterAll(async () => {
  await test.close()
  await database.close()
})

/** What a day of an agent brings, noted at once. */
async function note(context: GovernorContext, agent: string, facts: readonly Partial<Earning>[]): Promise<void> {
  await inWorkspace(database, { workspace }, async (tx) => {
    for (const fact of facts) {
      sources += 1
      const said = { actor: 'system:test', reason: 'a test', sourceId: `source-${sources}`, evidence: approved }
      await noteEvidence(context, tx, { agent, capability: '*', ...said, ...fact })
    }
  })
}

const levelOf = async (agent: string) => (await test.admin.agents.get(agent)).maturity
const shown = ({ version, actionHash }: Proposal) => ({ version, actionHash })

async function ask(own: Scope, agent: string, idempotencyKey: string): Promise<Proposal | undefined> {
  const trigger = { agent, action: 'refund.create', args: {}, idempotencyKey }
  const decision = await own.decide(trigger)
  if (decision.route !== 'proposal') return undefined
  return test.admin.proposals.get(decision.proposal.id)
}

/** Everything that an agent, its owner and one friend of theirs can try, by turns, through the product itself. */
function tricks(agent: string, own: ControlScope, owner: ControlScope, friend: ControlScope) {
  const approveAndTell = async (key: string): Promise<void> => {
    const proposal = await ask(own, agent, key)
    if (proposal === undefined) return
    await expect(own.proposals.approve(proposal.id, shown(proposal))).rejects.toMatchObject(DENIED)
    await expect(owner.proposals.approve(proposal.id, shown(proposal))).rejects.toMatchObject(DENIED)
    await friend.proposals.approve(proposal.id, shown(proposal))
    const trigger = { agent, action: 'refund.create', args: {}, idempotencyKey: key }
    const { id } = await own.decide(trigger, { claim: true })
    await own.report(id, { status: 'succeeded', value: 'trust me', stored: true })
  }
  const approveAndRun = async (key: string): Promise<void> => {
    const proposal = await ask(own, agent, key)
    if (proposal === undefined) return
    await friend.proposals.approve(proposal.id, shown(proposal))
    await own.guard({ agent, action: 'refund.create', args: {}, idempotencyKey: key }, () => 'done')
  }
  const approveInBulk = async (key: string): Promise<void> => {
    const asked = await Promise.all([1, 2, 3].map((place) => ask(own, agent, `${key}-${place}`)))
    for (const proposal of asked) if (proposal) await friend.proposals.approve(proposal.id, shown(proposal))
    for (const place of [1, 2, 3]) {
      const trigger = { agent, action: 'refund.create', args: {}, idempotencyKey: `${key}-${place}` }
      await own.guard(trigger, () => 'done')
    }
  }
  const riseByWord = async (): Promise<void> => {
    for (const scope of [own, friend, owner]) {
      await expect(scope.agents.promote(agent, 'It is good.')).rejects.toMatchObject(DENIED)
    }
  }
  const readALot = async (key: string): Promise<void> => {
    for (const place of [1, 2, 3]) {
      const trigger = { agent, action: 'order.read', args: {}, idempotencyKey: `${key}-read-${place}` }
      await own.guard(trigger, () => 'read')
    }
  }
  return [approveAndTell, approveAndRun, approveInBulk, riseByWord, readALot] as const
}

describe('an agent with an owner and one reviewer who are in league with it', () => {
  it.each([1, 2])(
    'is never supervised, whatever they do for 60 days with all caps used up [I-12, MAT-8, MAT-11] (%i)',
    async (seed) => {
      const agent = `puppet-${seed}`
      const random = seededRandom(seed)
      const context = openContext({ database }, clock)
      await test.admin.agents.register({ id: agent, ownerId: 'olga', confidence: 5_000 })
      const own = test.governor.as({ workspace, principal: { kind: 'agent', id: agent, roles: [] } })
      const all = tricks(agent, own, test.user('olga', 'admin'), test.user('mallory', 'supervisor'))
      for (let day = 0; day < DAYS; day += 1) {
        offset += DAY
        // As many approvals as a day has room for, and what else would raise an agent.
        const bulk = Array.from({ length: 4 + Math.floor(random() * 5) }, () => ({ reviewers: ['user:mallory'] }))
        const rated = {
          evidence: { kind: 'supervision', rating: 5, interventions: 0 },
          reviewers: ['user:mallory'],
        } as const
        const trained = { evidence: { kind: 'training', score: 10_000 }, reviewers: ['user:mallory'] } as const
        await note(context, agent, [...bulk, ...(random() < 0.3 ? [rated] : []), ...(random() < 0.1 ? [trained] : [])])
        if (day % 4 === 0) await all[(day / 4) % all.length]?.(`${agent}-${day}`)
        await countEvidence(context, workspace)
        expect(await levelOf(agent)).toBe('intern')
      }
      const { confidence, gates } = await test.admin.agents.promotion(agent)
      // It has everything that can be had of one person, and lacks the others.
      expect(confidence).toBe(10_000)
      expect(gates.filter(({ met }) => !met).map(({ name }) => name)).toEqual(['reviewers', 'reviewer_share'])
    },
    60_000,
  )

  it('is not supervised by a second person who sees little of it and rejects that', async () => {
    const context = openContext({ database }, clock)
    await test.admin.agents.register({ id: 'mixed', ownerId: 'olga', confidence: 6_900 })
    for (let day = 0; day < 20; day += 1) {
      offset += DAY
      const by = (name: string, outcome: 'approved' | 'rejected') => ({
        evidence: { kind: 'proposal', outcome } as const,
        reviewers: [`user:${name}`],
      })
      await note(context, 'mixed', [by('mallory', 'approved'), by('mallory', 'approved'), by('honest', 'rejected')])
      await countEvidence(context, workspace)
      expect(await levelOf('mixed')).toBe('intern')
    }
  })
})

describe('an agent that is right nine times of ten', () => {
  it('becomes intern by a course, supervised by what three people decided, and autonomous by a signature [MAT-8]', async () => {
    const context = openContext({ database }, clock)
    const random = seededRandom(5)
    const people = ['user:ana', 'user:ben', 'user:cy']
    await test.admin.agents.register({ id: 'good', ownerId: 'olga' })
    await inWorkspace(database, { workspace }, (tx) =>
      earn(context, tx, {
        agent: 'good',
        capability: '*',
        evidence: { kind: 'training', score: 8_500 },
        sourceId: 'course',
        actor: 'system:test',
        reason: 'a test',
      }),
    )
    expect(await levelOf('good')).toBe('intern')
    const passDays = async (until: string, most: number, dayOf: () => readonly Partial<Earning>[]): Promise<number> => {
      for (let day = 1; day <= most; day += 1) {
        offset += DAY
        await note(context, 'good', dayOf())
        await countEvidence(context, workspace)
        const { gates } = await test.admin.agents.promotion('good')
        const lacking = gates.filter(({ met }) => !met).map(({ name }) => name)
        if ((await levelOf('good')) === until || lacking.join() === until) return day
      }
      return Number.POSITIVE_INFINITY
    }
    const decided = await passDays('supervised', 40, () =>
      people.map((person) => ({
        evidence: { kind: 'proposal', outcome: random() < 0.9 ? 'approved' : 'rejected' } as const,
        reviewers: [person],
      })),
    )
    expect(decided).toBeLessThanOrEqual(30)
    const watched = await passDays('sign_off', 60, () =>
      people.map((person) => ({
        evidence: { kind: 'supervision', rating: random() < 0.97 ? 5 : 3, interventions: 0 } as const,
        reviewers: [person],
      })),
    )
    expect(watched).toBeLessThanOrEqual(45)
    expect(await levelOf('good')).toBe('supervised')
    expect(await test.admin.agents.promote('good', 'Signed off.')).toMatchObject({ maturity: 'autonomous' })
  }, 60_000)
})
