import { expect, it } from 'vitest'
import { describeOnEachStore } from '../journal/each-store.test.helper.ts'
import { readJournal } from '../read-journal.ts'
import { type Judged, judge } from './agents.test.helper.ts'
import { closeIncident } from './close-incident.ts'
import { promoteAgent } from './promote-agent.ts'
import { readIncidents } from './read-incidents.ts'
import { recordIncident } from './record-incident.ts'
import { transition } from './transition.ts'

const DENIED = { code: 'PERMISSION_DENIED' }
const CONFLICT = { code: 'CONFLICT' }
const rated = { kind: 'supervision', rating: 5, interventions: 0 } as const

const promote = ({ context, admin }: Judged, id: string) =>
  promoteAgent(context, admin(id), { id: 'bot', reason: 'a test' })

async function toldOf({ context, admin }: Judged, kind: 'agent.promoted' | 'agent.incident_closed') {
  return (await readJournal(context, admin('root'), { agent: 'bot', kind })).items[0]?.body
}

describeOnEachStore('a promotion by a person', (store) => {
  it('to autonomous is not for who rated what the agent has shown, nor for who owns it [MAT-15, I-12]', async () => {
    const judged = await judge(store, { maturity: 'supervised', confidence: 8_000 })
    await judged.earn(rated, { reviewers: ['user:ana', 'user:ben'] })
    await judged.earn({ kind: 'proposal', outcome: 'approved' }, { reviewers: ['user:cy'] })
    for (const id of ['ana', 'ben', 'cy', 'olga']) await expect(promote(judged, id)).rejects.toMatchObject(DENIED)
    expect(await promote(judged, 'dan')).toMatchObject({ maturity: 'autonomous', confidence: 9_200 })
  })

  it('to a lower level is for who rated it, and so is autonomous once that was for another level [MAT-15]', async () => {
    const judged = await judge(store, { maturity: 'intern', confidence: 5_000 })
    await judged.earn({ kind: 'proposal', outcome: 'approved' }, { reviewers: ['user:ana'] })
    expect(await promote(judged, 'ana')).toMatchObject({ maturity: 'supervised' })
    judged.advance(1)
    expect(await promote(judged, 'ana')).toMatchObject({ maturity: 'autonomous' })
  })

  it('says which gates were not met [MAT-15]', async () => {
    const judged = await judge(store, { maturity: 'intern', confidence: 7_000 })
    for (let fact = 0; fact < 4; fact += 1) {
      await judged.earn({ kind: 'proposal', outcome: 'approved' }, { reviewers: [`user:${fact}`] })
    }
    await promote(judged, 'dan')
    const body = { gatesNotMet: ['proposals'], relaxed: [], cause: 'person', reason: 'a test', actor: 'user:dan' }
    expect(await toldOf(judged, 'agent.promoted')).toMatchObject(body)
    await judged.put({ promotion: { policy: 'bands' } })
    judged.advance(1)
    await judged.earn({ kind: 'training', score: 10_000 })
    await expect(promote(judged, 'dan')).rejects.toMatchObject(CONFLICT)
  })

  it('waits for every incident to be closed, by another person than the owner [MAT-15]', async () => {
    const judged = await judge(store, { maturity: 'supervised', confidence: 8_000 })
    const { context, admin } = judged
    await recordIncident(context, admin('root'), { id: 'bot', reason: 'a test' })
    await expect(promote(judged, 'dan')).rejects.toMatchObject({ ...CONFLICT, details: { openIncidents: 1 } })
    const [incident] = (await readIncidents(context, admin('root'), { agent: 'bot' })).items
    const close = (id: string) =>
      closeIncident(context, admin(id), { id: 'bot', incident: incident?.id ?? '', reason: 'a test' })
    await expect(close('olga')).rejects.toMatchObject(DENIED)
    await close('dan')
    expect(await promote(judged, 'dan')).toMatchObject({ maturity: 'supervised' })
  })

  it('is for the owner where there is one person, up to supervised, and says so [MAT-15]', async () => {
    const judged = await judge(store, { maturity: 'student', confidence: 3_000 })
    const { context, admin } = judged
    await expect(promote(judged, 'olga')).rejects.toMatchObject(DENIED)
    await judged.put({ promotion: { onePerson: true } })
    await recordIncident(context, admin('olga'), { id: 'bot', reason: 'a test' })
    const [incident] = (await readIncidents(context, admin('olga'), { agent: 'bot' })).items
    await closeIncident(context, admin('olga'), { id: 'bot', incident: incident?.id ?? '', reason: 'a test' })
    expect(await toldOf(judged, 'agent.incident_closed')).toMatchObject({ relaxed: ['hand'] })
    expect(await promote(judged, 'olga')).toMatchObject({ maturity: 'intern' })
    expect(await promote(judged, 'olga')).toMatchObject({ maturity: 'supervised' })
    expect(await toldOf(judged, 'agent.promoted')).toMatchObject({ relaxed: ['hand'], to: 'supervised' })
    await expect(promote(judged, 'olga')).rejects.toMatchObject(DENIED)
  })

  it('is one step, whoever asks for more, and needs a reason [MAT-2]', async () => {
    const judged = await judge(store, { maturity: 'student', confidence: 9_500 })
    const record = await judged.record()
    if (record === undefined) throw new Error('There is no record.')
    const skip = {
      record,
      to: 'supervised',
      cause: 'person',
      actor: 'user:dan',
      reason: 'a test',
      evidence: [],
    } as const
    await expect(judged.in((tx) => transition(judged.context, tx, skip))).rejects.toMatchObject(CONFLICT)
    const silent = promoteAgent(judged.context, judged.admin('dan'), { id: 'bot', reason: ' ' })
    await expect(silent).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})
