import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JournalEntry, Proposal, Trigger } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { createTestDatabase, describeWithPostgres, type TestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { type Decider, startDecider, type Work, type WorkResult } from './decider.ts'

const PROCESSES = 3
const REVIEWERS = 50
// Every order of the four, each begun a little after the one before.
const CONTENDERS = ['approve', 'reject', 'expire', 'demote'] as const

describeWithPostgres('one proposal and several processes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'preceptor-races-'))
  const oracle = join(folder, 'oracle')
  let database: TestDatabase
  let test: TestGovernor
  const deciders: Decider[] = []
  let asked = 0

  beforeAll(async () => {
    database = await createTestDatabase()
    test = await createTestGovernor({ database: database.url })
    deciders.push(...(await Promise.all(Array.from({ length: PROCESSES }, () => startDecider(database.url, oracle)))))
  }, 120_000)
  afterAll(async () => {
    await Promise.all(deciders.map((decider) => decider.close()))
    await test.close()
    await database.drop()
    rmSync(folder, { recursive: true })
  })

  /** An agent of its own asks for an action. */
  async function ask(action: string): Promise<{ readonly trigger: Trigger; readonly proposal: Proposal }> {
    asked += 1
    const agent = `bot-${asked}`
    await test.register(agent, 'intern')
    const trigger = { agent, action, args: {}, idempotencyKey: `ask-${asked}` }
    const decision = await test.agent(agent).decide(trigger, { claim: true })
    if (decision.route !== 'proposal') throw new Error(decision.reason)
    return { trigger, proposal: await test.admin.proposals.get(decision.proposal.id) }
  }

  const shown = ({ version, actionHash }: Proposal): Pick<Proposal, 'version' | 'actionHash'> => ({
    version,
    actionHash,
  })

  /** Gives the works out to the processes by turns; all of them begin at the same time. */
  async function contend(works: readonly Work[]): Promise<readonly WorkResult[]> {
    const shares = deciders.map((_, index) => works.filter((_work, place) => place % PROCESSES === index))
    return (await Promise.all(deciders.map((decider, index) => decider.work(shares[index] ?? [])))).flat()
  }

  const approvals = ({ id, ...proposal }: Proposal): readonly Work[] =>
    Array.from({ length: REVIEWERS }, (_, index) => ({
      kind: 'approve',
      who: `person-${index}`,
      id,
      shown: shown({ id, ...proposal }),
    }))

  async function kindsOf({ id }: Proposal): Promise<readonly string[]> {
    const { items } = await test.admin.journal.list({ subject: id, limit: 100 })
    return [...items].reverse().map(({ kind }: JournalEntry) => kind)
  }

  it(verifies(
    ['I-4', 'I-6'],
    `has one winner of ${REVIEWERS} who approve, and tells the others who it was`,
  ), async () => {
    const { trigger, proposal } = await ask('refund.create')
    const results = await contend(approvals(proposal))
    const winners = results.filter(({ code }) => code === null)
    expect(winners).toHaveLength(1)
    const decidedBy = [`user:${winners[0]?.who}`]
    const losers = results.filter(({ code, details }) => {
      return code === 'PROPOSAL_DECIDED' && JSON.stringify(details?.decidedBy) === JSON.stringify(decidedBy)
    })
    expect(losers).toHaveLength(REVIEWERS - 1)
    expect(await test.admin.proposals.get(proposal.id)).toMatchObject({ state: 'approved', decidedBy })
    expect(await kindsOf(proposal)).toEqual(['proposal.created', 'proposal.reviewed', 'proposal.approved'])
    // All of them come back for it at once, and it runs once.
    await contend(Array.from({ length: 12 }, () => ({ kind: 'run', trigger })))
    expect(await test.admin.proposals.get(proposal.id)).toMatchObject({ state: 'succeeded' })
    expect(effectsOf(trigger)).toBe(1)
  }, 120_000)

  it(verifies(['I-4', 'I-27'], 'counts exactly as many approvals as it needs of all who give one'), async () => {
    const { proposal } = await ask('ledger.close')
    const results = await contend(approvals(proposal))
    expect(results.filter(({ code }) => code === null)).toHaveLength(2)
    const { state, reviews, decidedBy } = await test.admin.proposals.get(proposal.id)
    expect(state).toBe('approved')
    expect(new Set(reviews.map(({ reviewer }) => reviewer))).toEqual(new Set(decidedBy))
    expect(decidedBy).toHaveLength(2)
  }, 120_000)

  it(verifies(
    ['I-2', 'I-4', 'I-6', 'I-7'],
    'ends by the first that ends it, in every order of who comes first',
  ), async () => {
    const seen = new Set<string>()
    const step = (await timeOfApproval()) / 2
    for (const order of permutations(CONTENDERS)) {
      const { trigger, proposal } = await ask('refund.create')
      const works: Work[] = order.map((kind, place) => ({
        ...{ kind, afterMs: place * step, who: `${kind}r`, id: proposal.id, shown: shown(proposal), trigger },
      }))
      // The agent does not wait for them.
      const runs = [1, 2, 3, 4, 6].map((place): Work => ({ kind: 'run', afterMs: place * step, trigger }))
      const results = await contend([...works, ...runs])
      const codes = Object.fromEntries(
        results.filter(({ kind }) => kind !== 'run').map(({ kind, code }) => [kind, code]),
      )
      const ran = results.filter(({ status }) => status === 'executed').length
      const { state } = await test.admin.proposals.get(proposal.id)
      seen.add(state)
      const kinds = await kindsOf(proposal)
      const context = JSON.stringify({ order, codes, state, kinds, ran })
      expect(effectsOf(trigger), context).toBe(ran)
      expect(ran, context).toBe(state === 'succeeded' ? 1 : 0)
      // A rejection that was taken is the end of it; so is the time; and nothing follows an end.
      if (codes.reject === null) expect(state, context).toBe('rejected')
      const ends = kinds.filter((kind) =>
        ['proposal.rejected', 'proposal.expired', 'proposal.succeeded'].includes(kind),
      )
      expect(ends.length, context).toBeLessThanOrEqual(1)
      if (ends.length === 1) expect(kinds.at(-1), context).toBe(ends[0])
      if (codes.approve !== null) expect(ran, context).toBe(0)
      expect([null, 'PROPOSAL_DECIDED', 'PROPOSAL_CHANGED'], context).toContain(codes.approve)
      expect([null, 'PROPOSAL_DECIDED', 'PROPOSAL_CHANGED'], context).toContain(codes.reject)
      expect([codes.expire, codes.demote], context).toEqual([null, null])
      // Whatever was undecided is so still for whoever comes now, or has ended: nobody runs it without an approval.
      await contend([{ kind: 'run', trigger }])
      expect(effectsOf(trigger), context).toBe(ran)
    }
    expect(seen.size).toBeGreaterThan(1)
  }, 240_000)

  /** How long one takes on this machine, just now. */
  async function timeOfApproval(): Promise<number> {
    const { proposal } = await ask('refund.create')
    const from = performance.now()
    await contend([{ kind: 'approve', who: 'ana', id: proposal.id, shown: shown(proposal) }])
    return performance.now() - from
  }

  function effectsOf({ idempotencyKey }: Trigger): number {
    const lines = existsSync(oracle) ? readFileSync(oracle, 'utf8').split('\n') : []
    return lines.filter((line) => line === idempotencyKey).length
  }
})

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items]
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))
}
