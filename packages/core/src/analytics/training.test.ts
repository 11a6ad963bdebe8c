import { describe, expect, it } from 'vitest'
import { answerRight, useTraining } from '../training/training.test.helper.ts'
import { trainingTargets } from './training-targets.ts'

const training = useTraining()

describe('training', () => {
  it('counts blocked attempts, courses, sessions and what they gained [ANL-5]', async () => {
    const { test } = training
    const taught = await training.block({ answers: answerRight })
    const session = await taught.approve()
    training.pass(5 * 86_400_000)
    await expect
      .poll(async () => {
        await training.run()
        return (await test.admin.trainingSessions.get(session.id)).state
      })
      .toBe('completed')
    const dropped = await training.block({ action: 'note.write' })
    await test.admin.trainingSessions.cancel((await dropped.approve()).id, 'No time.')
    for (let index = 0; index < 18; index += 1) {
      const attempt = { agent: dropped.agent, action: 'note.write', args: { index } }
      expect((await test.agent(dropped.agent, 'data_sync').decide(attempt)).route).toBe('training')
    }
    const to = new Date(Date.now() + 6 * 86_400_000).toISOString()
    const answer = await test.admin.analytics.training({ to })
    expect(answer.sessions).toEqual({ completed: 1, cancelled: 1, failed: 0 })
    expect(answer.gains).toEqual([{ capability: 'refund', sessions: 1, meanGain: 0.2 }])
    const { total, buckets, sources } = answer.blocked
    expect([total, buckets.reduce((sum, { count }) => sum + count, 0)]).toEqual([20, 20])
    expect(sources).toEqual([
      { source: 'data_sync', count: 18, share: 18 / 20 },
      { source: 'ai_coordinator', count: 2, share: 2 / 20 },
    ])
    const courses = (await test.admin.trainingProposals.list({ limit: 100 })).items.length
    expect(answer.targets.slice(0, 3)).toEqual([
      {
        name: 'proposals_per_trigger',
        comparison: 'below',
        target: 0.1,
        actual: courses / 20,
        of: 20,
        isMet: courses / 20 < 0.1,
      },
      { name: 'completion', comparison: 'above', target: 0.9, actual: 0.5, of: 2, isMet: false },
      { name: 'gain_per_session', comparison: 'at_least', target: 0.15, actual: 0.2, of: 1, isMet: true },
    ])
    const refund = await test.admin.analytics.training({ to, capability: 'refund' })
    expect([refund.blocked.total, refund.sessions]).toEqual([1, { completed: 1, cancelled: 0, failed: 0 }])
  })

  it('meets a target at it or beyond it, as the design says [ANL-5]', () => {
    const at = (actual: number | null) => ({ actual, of: 1 })
    const met = (values: Readonly<Record<string, number | null>>) =>
      trainingTargets({
        proposals_per_trigger: at(values.a ?? null),
        completion: at(values.b ?? null),
        gain_per_session: at(values.c ?? null),
        intern_within_14_days: at(values.d ?? null),
        days_to_intern: at(values.e ?? null),
      }).map(({ isMet }) => isMet)
    expect(met({ a: 0.1, b: 0.9, c: 0.15, d: 0.8, e: 7 })).toEqual([false, false, true, true, true])
    expect(met({ a: 0.099, b: 0.901, c: 0.149, d: 0.799, e: 7.01 })).toEqual([true, true, false, false, false])
    expect(met({})).toEqual([null, null, null, null, null])
  })
})
