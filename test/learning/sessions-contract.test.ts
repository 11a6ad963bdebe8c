import type { LearningOperations } from '@preceptor/learning'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openSessionPlane,
  refundSession,
  type ServedPlane,
  type SessionPlane,
  serveSessions,
} from './sessions-harness.ts'
import { useRefunds } from './use-refunds.ts'

const refunds = useRefunds()
let plane: SessionPlane
let served: ServedPlane

beforeAll(async () => {
  plane = await openSessionPlane(refunds.server)
  await plane.scope('admin').agents.register({ id: 'refund-bot', maturity: 'intern', ownerId: 'system' })
  served = await serveSessions(plane)
})
afterAll(async () => {
  await served?.close()
  await plane?.governor.close()
})

const planes: readonly (readonly [string, (role: 'admin' | 'viewer') => Promise<LearningOperations>])[] = [
  ['embedded', async (role) => plane.learning(role)],
  ['remote', (role) => served.connect(role)],
]

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing',
    (error: { readonly code?: string }) => String(error.code),
  )

describe.each(planes)('learning sessions on an %s governor', (name, open) => {
  let learning: LearningOperations
  const request = () => refundSession(refunds.period, { agentType: `${name}-kind`, agent: 'refund-bot' })

  beforeAll(async () => {
    learning = await open('admin')
  })

  it('are started in each mode, read and listed page by page', async () => {
    const continuous = await learning.sessions.start(request())
    const adaptive = await learning.sessions.start({ ...request(), mode: 'adaptive' })
    const batch = await learning.sessions.start({ ...request(), mode: 'batch' })
    expect([continuous, adaptive].map(({ state }) => state)).toEqual(['completed', 'completed'])
    expect(continuous).toMatchObject({ improvedResponse: refunds.period.right, after: { state: 'scored' } })
    expect(batch).toMatchObject({ state: 'pending' })
    expect(await learning.sessions.get(adaptive.id)).toEqual(adaptive)
    const first = await learning.sessions.list({ agentType: `${name}-kind`, limit: 2 })
    expect(first.items).toEqual([batch, adaptive])
    const second = await learning.sessions.list({ agentType: `${name}-kind`, limit: 2, cursor: first.next ?? '' })
    expect(second).toEqual({ items: [continuous], next: null })
    expect((await learning.sessions.list({ state: 'pending', agentType: `${name}-kind` })).items).toEqual([batch])
    await plane.work()
    expect(await learning.sessions.get(batch.id)).toMatchObject({ state: 'completed', improvement: expect.any(Number) })
  })

  it('show numbers, a prediction, a dashboard and how well it all is', async () => {
    for (let made = 0; made < 3; made += 1) await learning.sessions.start(request())
    const prediction = await learning.analytics.predict(`${name}-kind`)
    expect(prediction).toMatchObject({ state: 'predicted', agentType: `${name}-kind` })
    const { types, cache, predictions } = await learning.analytics.statistics()
    const numbers = types.find(({ agentType }) => agentType === `${name}-kind`)
    expect(numbers).toMatchObject({ sessions: 6, scored: 6, trend: { state: 'known', sessions: 6 } })
    expect(cache.hitRate).toBeGreaterThan(0)
    expect(predictions).toMatchObject({ settled: 0, interval: null })
    const dashboard = await learning.analytics.dashboard(`${name}-kind`)
    expect(dashboard).toMatchObject({ statistics: numbers, prediction, adaptations: [], suggestions: [] })
    expect(dashboard.recent).toHaveLength(6)
    expect((await learning.analytics.adaptations({ agentType: `${name}-kind` })).items).toEqual([])
    expect(await learning.analytics.health()).toMatchObject({ ready: true })
  })

  it('are exported, by kind and by type', async () => {
    const query = { kinds: ['sessions', 'predictions'], agentType: `${name}-kind` } as const
    let text = ''
    for await (const part of await learning.analytics.export(query)) text += part
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ kind }) => kind)).toEqual([...Array.from({ length: 6 }, () => 'session'), 'prediction'])
    expect(lines[0]).toMatchObject({ agentType: `${name}-kind`, improvedResponse: refunds.period.right })
  })

  it.each([
    ['a wrong type', (one: LearningOperations) => one.analytics.dashboard('A type'), 'INPUT_INVALID'],
    ['an unknown session', (one: LearningOperations) => one.sessions.get('lss_none'), 'NOT_FOUND'],
    ['an unknown agent', (one: LearningOperations) => one.sessions.start({ ...request(), agent: 'no' }), 'NOT_FOUND'],
    ['a wrong format', (one: LearningOperations) => one.sessions.start({ ...request(), format: 'x' }), 'INPUT_INVALID'],
  ])('refuse %s', async (_, ask, code) => {
    expect(await codeOf(ask(learning))).toBe(code)
  })

  it('show a viewer no text, and start nothing for one', async () => {
    const viewer = await open('viewer')
    const shown = [await viewer.sessions.list(), await viewer.analytics.dashboard(`${name}-kind`)]
    expect(JSON.stringify(shown)).not.toContain(refunds.period.right)
    expect(await codeOf(viewer.sessions.start(request()))).toBe('PERMISSION_DENIED')
    expect(await codeOf(viewer.analytics.export())).toBe('PERMISSION_DENIED')
  })
})
