import type { TimelineEntry } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { answerRight, useTraining } from '../training/training.test.helper.ts'

describe('the timeline of an agent', () => {
  const training = useTraining()

  it('tells in one order what became of it, page by page [MAT-17]', async () => {
    const { agent, approve } = await training.block({ answers: answerRight })
    const { admin, user } = training.test
    await approve()
    await training.run()
    const { agents } = admin
    await agents.promote(agent, 'a test')
    await agents.recordIncident(agent, 'It printed token=abcdef1234567890.')
    const [incident] = (await agents.incidents(agent)).items
    await agents.closeIncident(agent, incident?.id ?? '', 'Dealt with.')
    await agents.pause(agent, 'look')
    await agents.resume(agent, 'fine')
    await agents.attest(agent, 'reviewed')
    await agents.demote(agent, 'student', 'again')
    const all: TimelineEntry[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof agents.timeline>> = await agents.timeline(agent, {
        limit: 3,
        ...(cursor !== null && { cursor }),
      })
      all.push(...page.items)
      cursor = page.next
    } while (cursor !== null)
    expect(all.map(({ kind, from, to }) => [kind, from, to]).reverse()).toEqual([
      ['agent.registered', null, 'student'],
      ['agent.promoted', 'student', 'intern'],
      ['training_session.completed', 'student', 'intern'],
      ['agent.promoted', 'intern', 'supervised'],
      ['agent.incident_recorded', null, null],
      ['agent.demoted', 'supervised', 'intern'],
      ['agent.incident_closed', null, null],
      ['agent.paused', null, null],
      ['agent.resumed', null, null],
      ['agent.attested', null, null],
      ['agent.demoted', 'intern', 'student'],
    ])
    expect(all[0]).toMatchObject({ actor: 'user:root', reason: 'again', capability: '*', confidence: 0 })
    expect(all.every(({ at }) => !Number.isNaN(Date.parse(at)))).toBe(true)
    expect(JSON.stringify(all)).not.toContain('abcdef1234567890')
    expect((await user('vi', 'viewer').agents.timeline(agent, { limit: 1 })).items).toHaveLength(1)
    await expect(agents.timeline('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(agents.timeline(agent, { cursor: 'nonsense' })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})
