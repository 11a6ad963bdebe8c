import { describe, expect, it } from 'vitest'
import { answerRight, useTraining } from './training.test.helper.ts'

describe('training under capability trust', () => {
  const training = useTraining()

  it('brings the agent back at the capability that it was blocked at, and nowhere else [MAT-13, TRAIN-8]', async () => {
    const { admin } = training.test
    const { version } = await admin.policies.current()
    await admin.policies.put({ promotion: { trust: 'capability' } }, { basedOn: version, reason: 'a test' })
    const { agent, approve, own, blockedTrigger } = await training.block({ answers: answerRight })
    const { id } = await approve()
    await training.run()
    expect(await admin.trainingSessions.get(id)).toMatchObject({
      state: 'completed',
      maturityBefore: 'student',
      maturityAfter: 'intern',
    })
    expect(await admin.agents.promotion(agent, { capability: 'refund' })).toMatchObject({
      capability: 'refund',
      maturity: 'intern',
      confidence: 5_000,
    })
    expect(await admin.agents.get(agent)).toMatchObject({ maturity: 'student', confidence: 4_500 })
    expect(await own.check({ agent, action: 'refund.create', args: {} })).toMatchObject({ route: 'proposal' })
    expect(await own.check({ agent, action: 'note.write', args: {} })).toMatchObject({ route: 'training' })
    expect((await admin.blockedTriggers.retry(blockedTrigger)).decision).toMatchObject({ route: 'proposal' })
  })
})
