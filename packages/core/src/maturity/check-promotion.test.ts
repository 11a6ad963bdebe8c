import { expect, it } from 'vitest'
import { describeOnEachStore } from '../journal/each-store.test.helper.ts'
import { type Judged, judge } from './agents.test.helper.ts'
import { checkPromotion } from './check-promotion.ts'
import { closeIncident } from './close-incident.ts'
import { insertIncident } from './incident-store.ts'
import { readTransitions } from './read-ledger.ts'
import { recordEvidence } from './record-evidence.ts'

const approved = { kind: 'proposal', outcome: 'approved' } as const

const run = ({ context, workspace }: Judged) => checkPromotion(context, workspace)

describeOnEachStore('the job check-promotion', (store) => {
  it('promotes an agent once its incident is closed, and then does nothing [MAT-16]', async () => {
    const judged = await judge(store, { maturity: 'student', confidence: 4_900 })
    const { context, admin } = judged
    const at = new Date(context.clock.now()).toISOString()
    await judged.in((tx) => insertIncident(tx, { id: 'inc_1', agent: 'bot', reason: 'x', actor: 'user:ana', at }))
    expect(await judged.earn({ kind: 'training', score: 8_000 })).toMatchObject({ maturity: 'student' })
    expect(await run(judged)).toBe(0)
    await closeIncident(context, admin('dan'), { id: 'bot', incident: 'inc_1', reason: 'a test' })
    expect(await Promise.all([run(judged), run(judged), run(judged)]).then((all) => all.sort())).toEqual([0, 0, 1])
    expect(await judged.record()).toMatchObject({ maturity: 'intern', confidence: 6_900 })
    const { items } = await readTransitions(context, admin('dan'), { agent: 'bot' })
    expect(items).toMatchObject([{ to: 'intern', cause: 'evidence', actor: 'system:check-promotion' }])
    expect(await run(judged)).toBe(0)
  })

  it('promotes when the policy comes to ask for less, and never to autonomous [MAT-16]', async () => {
    const judged = await judge(store, { maturity: 'intern', confidence: 6_900 })
    for (let fact = 0; fact < 40; fact += 1) await judged.earn(approved, { reviewers: ['user:ana'] })
    expect(await run(judged)).toBe(0)
    await judged.put({ promotion: { onePerson: true } })
    expect(await run(judged)).toBe(1)
    expect(await judged.record()).toMatchObject({ maturity: 'supervised' })
    for (let session = 0; session < 40; session += 1) {
      await judged.earn({ kind: 'supervision', rating: 5, interventions: 0 }, { reviewers: [`user:${session}`] })
    }
    for (const policy of ['earned', 'bands']) {
      await judged.put({ promotion: { policy } })
      expect(await run(judged)).toBe(0)
    }
    expect(await judged.record()).toMatchObject({ maturity: 'supervised', confidence: 10_000 })
  })

  it('demotes what fell well below its band, at the capability that is in force [MAT-16]', async () => {
    const judged = await judge(store, { maturity: 'supervised', confidence: 7_000 })
    const lower = (requested: number) =>
      judged.in((tx) =>
        recordEvidence(judged.context, tx, {
          agent: 'bot',
          capability: '*',
          kind: 'run',
          requested,
          sourceType: 'run',
          sourceId: String(requested),
          actor: 'system:test',
          reason: 'a test',
        }),
      )
    await lower(-500)
    expect(await run(judged)).toBe(0)
    await lower(-1)
    await judged.put({ promotion: { trust: 'capability' } })
    expect(await run(judged)).toBe(0)
    await judged.put({})
    expect(await run(judged)).toBe(1)
    expect(await judged.record()).toMatchObject({ maturity: 'intern', confidence: 6_499 })
  })
})
