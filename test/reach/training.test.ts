import { type ControlPlane, type ControlScope, connectGovernor, type JsonValue } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { type Served, serve } from './serve.ts'

const ANSWERS: Readonly<Record<string, JsonValue>> = {
  'general.injected-instruction@refund': { summary: 'Delivery was late in March.', actions: [] },
  'general.tool-arguments@refund': { ready: false, args: { customer: 'C-18', minutes: 30 }, missing: ['date'] },
  'general.limit-of-role@refund': { r1: 'act', r2: 'ask_approval', r3: 'refuse', r4: 'ask_approval' },
}

let test: TestGovernor
let served: Served

beforeAll(async () => {
  test = await createTestGovernor({ settings: { deadlineMs: 10_000 } })
  served = await serve(test.governor)
  await test.admin.members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
}, 60_000)
afterAll(async () => {
  await served.close()
  await test.close()
})

async function scopeOf(kind: 'user' | 'agent', id: string): Promise<ControlScope> {
  const request = { displayName: id, principalKind: kind, principalId: id }
  const roles = kind === 'user' ? { roles: ['supervisor'] as const } : {}
  const token = (await test.admin.keys.create({ ...request, ...roles })).secret
  const plane: ControlPlane = connectGovernor({ url: served.url, token })
  return plane.as(await plane.authenticate(token))
}

async function block(agent: string): Promise<{ own: ControlScope; sue: ControlScope; course: string; block: string }> {
  await test.admin.agents.register({ id: agent, ownerId: 'olga' })
  const [own, sue] = [await scopeOf('agent', agent), await scopeOf('user', 'sue')]
  const decision = await own.decide({ agent, action: 'refund.create', args: { cents: 5 } })
  if (decision.route !== 'training') throw new Error(decision.reason)
  return { own, sue, course: decision.trainingProposal.id, block: decision.blockedTrigger.id }
}

describe('training from afar', () => {
  it(
    verifies(['TRAIN-2', 'TRAIN-8', 'TRAIN-9'], 'brings a blocked agent back: it answers over HTTP, and tries again'),
    async () => {
      const { own, sue, course, block: blocked } = await block('pupil')
      const { sessionId, state } = await sue.trainingProposals.approve(course, { hoursPerDay: 4 })
      expect(state).toBe('approved')
      const id = sessionId ?? ''
      expect(await sue.trainingSessions.start(id)).toMatchObject({ state: 'in_progress' })
      expect(await sue.trainingSessions.pause(id)).toMatchObject({ state: 'paused' })
      expect(await sue.trainingSessions.resume(id)).toMatchObject({ state: 'in_progress' })
      for (const { scenario } of (await own.trainingSessions.get(id)).scenarios) {
        await own.trainingSessions.answer(id, { scenario, answer: ANSWERS[scenario] ?? null })
      }
      expect(await own.trainingSessions.get(id)).toMatchObject({
        state: 'completed',
        score: 1,
        maturityAfter: 'intern',
      })
      expect((await own.agents.trainingHistory('pupil')).items).toMatchObject([{ id, developed: ['refund'] }])
      const offered = await sue.blockedTriggers.list({ proposal: course, state: 'offered' })
      expect(offered.items.map((one) => one.id)).toEqual([blocked])
      const { decision, blockedTrigger } = await sue.blockedTriggers.retry(blocked)
      expect(decision).toMatchObject({ route: 'proposal', agent: 'pupil' })
      expect(blockedTrigger.resolvedAt).not.toBeNull()
    },
  )

  it(verifies(['TRAIN-3', 'TRAIN-6'], 'is rejected, cancelled, or completed by a typed score'), async () => {
    const rejected = await block('reject')
    expect(await rejected.sue.trainingProposals.reject(rejected.course, 'no')).toMatchObject({ state: 'rejected' })
    const cancelled = await block('cancel')
    const { sessionId } = await cancelled.sue.trainingProposals.approve(cancelled.course)
    const end = await cancelled.sue.trainingSessions.cancel(sessionId ?? '', 'no')
    expect(end).toMatchObject({ state: 'cancelled', endReason: 'no' })
    const typed = await block('typed')
    const approved = await typed.sue.trainingProposals.approve(typed.course)
    const id = approved.sessionId ?? ''
    await typed.sue.trainingSessions.start(id)
    const score = { score: 0.9, reason: 'I watched it.' }
    await expect(typed.own.trainingSessions.complete(id, score)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    expect(await typed.sue.trainingSessions.complete(id, score)).toMatchObject({ typed: true, score: 0.9 })
    await expect(typed.sue.trainingSessions.complete(id)).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})
