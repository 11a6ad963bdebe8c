import type { JsonObject, Maturity } from '@preceptor/client'
import { expect, it } from 'vitest'
import { insertAgent } from '../agents/store.ts'
import { inWorkspace } from '../database/transaction.ts'
import { openContext, openHost, type TestContext } from '../jobs/jobs.test.helper.ts'
import { describeOnEachStore } from '../journal/each-store.test.helper.ts'
import { insertPolicy } from '../policy/store.ts'
import { countEvidence } from './count-evidence.ts'
import { type Earning, earn, noteEvidence } from './earn.ts'
import type { Evidence } from './evidence.ts'
import { findRecord } from './store.ts'

const START = Date.parse('2026-01-02T12:00:00.000Z')
const HOUR = 3_600_000
const approved: Evidence = { kind: 'proposal', outcome: 'approved' }

describeOnEachStore('the count of evidence', (store) => {
  async function open(document?: JsonObject) {
    let now = START
    const opened = openContext(store)
    const context: TestContext = { ...opened, clock: { ...opened.clock, now: () => now } }
    const workspace = await store.workspace()
    const at = new Date(START - HOUR).toISOString()
    const within = <Result>(work: Parameters<typeof inWorkspace<Result>>[2]) =>
      inWorkspace(context.database, { workspace }, work)
    const policy = { version: 1, reason: 'a test', createdBy: 'system:test', createdAt: at }
    if (document !== undefined) await within((tx) => insertPolicy(tx, { ...policy, document }))
    let facts = 0
    const earning = (agent: string, evidence: Evidence, more: Partial<Earning> = {}): Earning => {
      facts += 1
      const said = { actor: 'system:test', reason: 'a test' }
      return { agent, capability: '*', evidence, sourceId: `fact-${facts}`, ...said, ...more }
    }
    return {
      context,
      workspace,
      pass: (milliseconds: number) => {
        now += milliseconds
      },
      now: () => new Date(now).toISOString(),
      register: (id: string, maturity: Maturity, confidence: number) => {
        const described = { id, displayName: id, category: null, specialty: null, ownerId: 'system', fingerprint: {} }
        const entryId = context.ids.next('cfe')
        const opening = { maturity, confidence, capabilities: [], entryId, actor: 'system:test', at }
        return within((tx) => insertAgent(tx, { ...described, ...opening }))
      },
      note: (agent: string, evidence: Evidence, more?: Partial<Earning>) =>
        within((tx) => noteEvidence(context, tx, earning(agent, evidence, more))),
      earn: (agent: string, evidence: Evidence) => within((tx) => earn(context, tx, earning(agent, evidence))),
      count: () => countEvidence(context, workspace),
      record: (agent: string) => within((tx) => findRecord(tx, { agent, capability: '*' })),
    }
  }

  it('goes on with the other agents where a fact cannot be counted, says so once, and tries again [EVID-6]', async () => {
    const { context, workspace, register, note, count, record, pass } = await open()
    for (const agent of ['broken', 'broken-too', 'sound']) await register(agent, 'intern', 5_000)
    for (const agent of ['broken', 'broken-too']) {
      await note(agent, approved)
      pass(1)
      await store.asOwner(
        `insert into evidence (id, workspace_id, agent_id, capability, kind, fact, success, source_id, actor, reason, created_at)
         values ($1 || $2, $1, $2, '*', 'training', '{"kind": "training", "score": 123456}', true, 'broken', 'x', 'x', $3)`,
        [workspace, agent, new Date(context.clock.now())],
      )
      pass(1)
      await note(agent, approved)
    }
    for (let fact = 0; fact < 3; fact += 1) await note('sound', approved)
    pass(HOUR)
    expect(await count()).toBe(5)
    expect((await record('sound'))?.confidence).toBe(5_600)
    // What came before it is counted; what comes after it waits.
    expect((await record('broken'))?.confidence).toBe(5_200)
    expect(context.reports).toHaveLength(1)
    expect(context.reports[0]?.message).toMatch(/^Evidence of broken(-too)?, and of 1 others in .*a whole number/)
    await store.asOwner(`alter table evidence disable trigger evidence_stays;
      update evidence set fact = '{"kind": "training", "score": 0}' where source_id = 'broken';
      alter table evidence enable trigger evidence_stays`)
    expect(await count()).toBe(4)
    expect((await record('broken'))?.confidence).toBe(5_400)
    expect(await count()).toBe(0)
  })

  it('goes on with the other workspaces [EVID-6]', async () => {
    const places = [await open(), await open()] as const
    for (const { register, note } of places) {
      await register('bot', 'intern', 5_000)
      await note('bot', approved)
    }
    const [broken, sound] = places
    await store.asOwner(`alter table evidence disable trigger evidence_stays;
      update evidence set fact = '{"kind": "training", "score": -1}' where workspace_id = '${broken.workspace}';
      alter table evidence enable trigger evidence_stays`)
    await openHost({ context: sound.context }).run('count-evidence', {})
    expect((await broken.record('bot'))?.confidence).toBe(5_000)
    expect((await sound.record('bot'))?.confidence).toBe(5_200)
  })

  it.each(['earned', 'bands'] as const)(
    'under `%s` gives nothing back for what was before a demotion, and takes what was [EVID-7, I-12]',
    async (name) => {
      const { register, note, earn: earnNow, count, record, pass, now } = await open({ promotion: { policy: name } })
      await register('fallen', 'autonomous', 9_500)
      const beganAt = now()
      pass(HOUR)
      await earnNow('fallen', { kind: 'incident' })
      const fallen = { maturity: 'supervised', confidence: 7_500 }
      expect(await record('fallen')).toMatchObject(fallen)
      pass(HOUR)
      // Told of after the demotion, and begun before it.
      for (let late = 0; late < 20; late += 1) await note('fallen', approved, { beganAt, reviewers: [`user:${late}`] })
      await note('fallen', { kind: 'run', outcome: 'succeeded' }, { beganAt })
      expect(await count()).toBe(21)
      expect(await record('fallen')).toMatchObject({ ...fallen, detector: null })
      await note('fallen', { kind: 'run', outcome: 'failed' }, { beganAt })
      await count()
      expect(await record('fallen')).toMatchObject({ maturity: 'supervised', confidence: 7_300 })
      await note('fallen', approved, { reviewers: ['user:ana'] })
      await count()
      expect((await record('fallen'))?.confidence).toBe(7_500)
    },
  )

  it('gives what was before a promotion all the same [EVID-7]', async () => {
    const { register, note, earn: earnNow, count, record, pass } = await open()
    await register('risen', 'student', 4_900)
    await note('risen', approved, { reviewers: ['user:ana'] })
    pass(HOUR)
    expect(await earnNow('risen', { kind: 'training', score: 9_000 })).toMatchObject({ maturity: 'intern' })
    pass(HOUR)
    await count()
    expect((await record('risen'))?.confidence).toBe(7_100)
  })
})
