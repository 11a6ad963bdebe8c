import { expect, it } from 'vitest'
import { insertAgent } from '../agents/store.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { openContext } from '../jobs/jobs.test.helper.ts'
import { describeOnEachStore } from '../journal/each-store.test.helper.ts'
import { insertPolicy } from '../policy/store.ts'
import { countEvidence } from './count-evidence.ts'
import { type Earning, earn, noteEvidence } from './earn.ts'
import type { Evidence } from './evidence.ts'
import { explain } from './explain-promotion.ts'
import { insertIncident } from './incident-store.ts'
import { findRecord, type MaturityRecord } from './store.ts'

const START = Date.parse('2026-01-02T12:00:00.000Z')
const HOUR = 3_600_000

describeOnEachStore('the promotion policy earned', (store) => {
  /** An agent in a workspace of its own, on a clock that goes on by an hour with each fact. */
  async function newAgent(maturity: MaturityRecord['maturity'], confidence: number) {
    let now = START
    const opened = openContext(store)
    const clock = { ...opened.clock, now: () => now }
    const context: GovernorContext = { ...opened, clock }
    const workspace = await store.workspace()
    const described = { id: 'bot', displayName: 'bot', category: null, specialty: null, ownerId: 'system' }
    await inWorkspace(context.database, { workspace }, (tx) =>
      insertAgent(tx, {
        ...described,
        maturity,
        confidence,
        capabilities: [],
        fingerprint: {},
        entryId: context.ids.next('cfe'),
        actor: 'system:test',
        at: new Date(START - HOUR).toISOString(),
      }),
    )
    let facts = 0
    const earning = (evidence: Evidence, more: Partial<Earning> = {}): Earning => {
      facts += 1
      const sourceId = `fact-${facts}`
      return { agent: 'bot', capability: '*', evidence, sourceId, actor: 'system:test', reason: 'a test', ...more }
    }
    return {
      workspace,
      context,
      advance: (milliseconds: number) => {
        now += milliseconds
      },
      note: (evidence: Evidence, more?: Partial<Earning>) =>
        inWorkspace(context.database, { workspace }, (tx) => noteEvidence(context, tx, earning(evidence, more))),
      earn: (evidence: Evidence, more?: Partial<Earning>) => {
        now += HOUR
        return inWorkspace(context.database, { workspace }, (tx) => earn(context, tx, earning(evidence, more)))
      },
      record: () =>
        inWorkspace(context.database, { workspace }, (tx) => findRecord(tx, { agent: 'bot', capability: '*' })),
    }
  }

  const approved = { kind: 'proposal', outcome: 'approved' } as const
  const by = (reviewer: string) => ({ reviewers: [reviewer] })

  it('makes an intern of a student by one passed training, and of no other [MAT-8]', async () => {
    const agent = await newAgent('student', 4_900)
    expect(await agent.earn({ kind: 'training', score: 6_999 })).toMatchObject({
      maturity: 'student',
      confidence: 4_900,
    })
    expect(await agent.earn({ kind: 'training', score: 7_000 })).toMatchObject({
      maturity: 'intern',
      confidence: 6_900,
    })
    // Evidence of the level before does not carry over.
    expect(await agent.earn({ kind: 'training', score: 9_000 })).toMatchObject({
      maturity: 'intern',
      confidence: 7_400,
    })
  })

  it('makes an intern supervised by 13 of 13 proposals, decided by two people [MAT-8]', async () => {
    const agent = await newAgent('intern', 6_900)
    let last: MaturityRecord | undefined
    for (let proposal = 0; proposal < 12; proposal += 1) last = await agent.earn(approved, by(`user:${proposal % 2}`))
    expect(last).toMatchObject({ maturity: 'intern' })
    expect(await agent.earn(approved, by('user:0'))).toMatchObject({ maturity: 'supervised' })
  })

  it.each(['earned', 'bands'] as const)(
    'under `%s` promotes nobody while an incident is open [MAT-8, MAT-16]',
    async (policy) => {
      const agent = await newAgent('intern', 6_900)
      const { context, workspace } = agent
      const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => inWorkspace(context.database, { workspace }, work)
      const at = new Date(START).toISOString()
      const put = {
        version: 1,
        document: { promotion: { policy } },
        reason: 'a test',
        createdBy: 'user:dan',
        createdAt: at,
      }
      await within((tx) => insertPolicy(tx, put))
      await within((tx) =>
        insertIncident(tx, { id: `inc_${workspace}`, agent: 'bot', reason: 'x', actor: 'user:ana', at }),
      )
      for (let proposal = 0; proposal < 13; proposal += 1) await agent.earn(approved, by(`user:${proposal % 2}`))
      expect(await agent.record()).toMatchObject({ maturity: 'intern' })
      const { ready, gates } = await within(async (tx) => {
        const record = await findRecord(tx, { agent: 'bot', capability: '*' })
        if (record === undefined) throw new Error('There is no record.')
        return explain(tx, record)
      })
      expect(ready).toBe(false)
      expect(gates.filter(({ met }) => !met)).toMatchObject([{ name: 'incidents', value: 1 }])
    },
  )

  it('does not promote on the word of one person, however often it is given [MAT-11, I-12]', async () => {
    const agent = await newAgent('intern', 6_900)
    for (let proposal = 0; proposal < 40; proposal += 1) await agent.earn(approved, by('user:colluder'))
    expect(await agent.record()).toMatchObject({ maturity: 'intern' })
  })

  it('caps what an agent gains in a day, in all and through one person [MAT-11, I-12]', async () => {
    const one = await newAgent('intern', 5_000)
    for (let proposal = 0; proposal < 20; proposal += 1) await one.earn(approved, by('user:ana'))
    expect((await one.record())?.confidence).toBe(6_000)
    const many = await newAgent('intern', 5_000)
    for (let proposal = 0; proposal < 20; proposal += 1) await many.earn(approved, by(`user:${proposal}`))
    expect((await many.record())?.confidence).toBe(7_500)
  })

  it('counts half what was decided too fast to be read [MAT-11]', async () => {
    const agent = await newAgent('intern', 5_000)
    expect(await agent.earn(approved, { ...by('user:ana'), half: true })).toMatchObject({ confidence: 5_100 })
    expect(await agent.earn({ kind: 'proposal', outcome: 'rejected' }, { half: true })).toMatchObject({
      confidence: 4_900,
    })
  })

  it('makes an intern by the training session that a capability is first shown in, in the same millisecond [MAT-8, MAT-13]', async () => {
    const agent = await newAgent('student', 4_900)
    const first = { kind: 'training', score: 8_000 } as const
    expect(await agent.earn(first, { capability: 'refund' })).toMatchObject({ maturity: 'intern', confidence: 5_000 })
  })

  it('never makes an agent autonomous without the word of a person [MAT-8]', async () => {
    const agent = await newAgent('supervised', 9_500)
    for (let session = 0; session < 40; session += 1) {
      await agent.earn({ kind: 'supervision', rating: 5, interventions: 0 }, by(`user:${session}`))
    }
    expect(await agent.record()).toMatchObject({ maturity: 'supervised', confidence: 10_000 })
  })

  it('takes a level back when the outcomes are worse than those that it was given for [MAT-10]', async () => {
    const agent = await newAgent('autonomous', 10_000)
    let runs = 0
    while ((await agent.record())?.maturity === 'autonomous') {
      await agent.earn({ kind: 'run', outcome: runs % 2 === 0 ? 'failed' : 'succeeded' })
      await agent.earn({ kind: 'run', outcome: 'infrastructure_failed' })
      runs += 1
    }
    expect(runs).toBeLessThanOrEqual(40)
    expect(await agent.record()).toMatchObject({ maturity: 'supervised', detector: null })
  })

  it('gives a lost level back by nothing that was shown before it was lost [MAT-8, I-12]', async () => {
    const agent = await newAgent('supervised', 9_000)
    for (let fact = 0; fact < 13; fact += 1) await agent.note(approved, by(fact % 2 === 0 ? 'user:a' : 'user:b'))
    expect(await agent.earn({ kind: 'incident' })).toMatchObject({ maturity: 'intern', confidence: 5_000 })
    agent.advance(HOUR)
    await countEvidence(agent.context, agent.workspace)
    expect(await agent.record()).toMatchObject({ maturity: 'intern', confidence: 5_000 })
  })

  it('counts what was noted once, in its order, whoever counts [MAT-12]', async () => {
    const agent = await newAgent('student', 4_900)
    for (const score of [8_000, 8_000]) await agent.note({ kind: 'training', score }, { sourceId: 'the same session' })
    agent.advance(HOUR)
    const counts = await Promise.all([1, 2, 3].map(() => countEvidence(agent.context, agent.workspace)))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1)
    expect(await agent.record()).toMatchObject({ maturity: 'intern', confidence: 6_900 })
    expect(await countEvidence(agent.context, agent.workspace)).toBe(0)
  })
})
