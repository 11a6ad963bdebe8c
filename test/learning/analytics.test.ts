import type { Adaptation, Prediction } from '@preceptor/learning'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Rule } from './rule-server.ts'
import { openSessionPlane, refundSession, type SessionPlane } from './sessions-harness.ts'
import { useRefunds } from './use-refunds.ts'

const DAY_MS = 86_400_000

const refunds = useRefunds()
let plane: SessionPlane

beforeAll(async () => {
  plane = await openSessionPlane(refunds.server, { learning: { cache: false } })
})
afterAll(() => plane?.governor.close())

const isImproving: Rule['when'] = ({ system }) => system.startsWith('You correct the answer')
const evaluates = () => refunds.rules.filter(({ name }) => name === 'evaluate')

/** A model that says nothing right, unless its prompt makes it. */
function stubborn(unless: Rule['when'] = () => false): readonly Rule[] {
  return [
    ...evaluates(),
    { name: 'heeds', when: (prompt) => isImproving(prompt) && unless(prompt), answer: () => refunds.period.right },
    { name: 'stubborn', when: isImproving, answer: () => 'A customer can ask for nothing.' },
  ]
}

const request = (agentType: string) => refundSession(refunds.period, { agentType, correction: refunds.period.right })

async function sessions(agentType: string, count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) await plane.admin.sessions.start(request(agentType))
}

async function adaptationsOf(agentType: string): Promise<readonly Adaptation[]> {
  return (await plane.admin.analytics.adaptations({ agentType })).items
}

describe('an adaptation', () => {
  it('is made after ten poor sessions, changes what the model is asked, and is measured by what comes [LEARN-6]', async () => {
    const agentType = 'qa'
    const example = {
      agentType,
      input: 'The period of a refund?',
      correction: refunds.period.right,
      tags: ['refund-period'],
    }
    await plane.admin.examples.import(JSON.stringify(example))
    refunds.server.setRules(stubborn(({ system }) => system.includes('refund-period')))
    await sessions(agentType, 9)
    await plane.work()
    expect(await adaptationsOf(agentType)).toEqual([])
    expect(refunds.server.calls.some(({ prompt }) => prompt.system.includes('refund-period'))).toBe(false)
    await sessions(agentType, 1)
    await plane.work()
    const [added] = await adaptationsOf(agentType)
    if (added === undefined) throw new Error('There is none.')
    expect(added).toMatchObject({ cause: 'low_improvement', state: 'active', effectiveness: null, sessions: 0 })
    expect(added.change).toContain('refund-period')
    expect(await plane.told(added.id)).toEqual(['adaptation.added'])
    refunds.server.forgetCalls()
    const next = await plane.admin.sessions.start(request(agentType))
    expect(refunds.server.calls[0]?.prompt.system).toContain(
      'People corrected answers of this kind for: refund-period.',
    )
    expect(next).toMatchObject({ adaptationId: added.id, improvedResponse: refunds.period.right })
    await sessions(agentType, 2)
    await plane.work()
    const [measured] = await adaptationsOf(agentType)
    expect(measured).toMatchObject({ id: added.id, state: 'active', sessions: 3 })
    const improvement = next.improvement ?? 0
    expect(measured?.effectiveness).toBeCloseTo(0.7 * (improvement / 100) + 0.3, 6)
    // Looked at again, it stays the only one.
    await plane.work()
    expect(await adaptationsOf(agentType)).toHaveLength(1)
  })

  it('that does not help is switched off, and gone after 30 days', async () => {
    const agentType = 'ops'
    refunds.server.setRules(stubborn())
    await sessions(agentType, 10)
    await plane.work()
    await sessions(agentType, 3)
    await plane.work()
    const [off] = await adaptationsOf(agentType)
    if (off === undefined) throw new Error('There is none.')
    expect(off).toMatchObject({ state: 'switched_off', sessions: 3 })
    expect(off.effectiveness).toBeLessThan(0.3)
    expect(await plane.admin.sessions.start(request(agentType))).toMatchObject({ adaptationId: null })
    plane.pass(29 * DAY_MS)
    await plane.work()
    expect(await adaptationsOf(agentType)).toHaveLength(1)
    plane.pass(2 * DAY_MS)
    await plane.work()
    expect(await adaptationsOf(agentType)).toEqual([])
    expect(await plane.told(off.id)).toEqual(['adaptation.added', 'adaptation.switched_off', 'adaptation.removed'])
  })

  it('is the strategy that did better, where adaptive sessions showed one', async () => {
    const agentType = 'research'
    // The own strategy makes it worse, and the generic one a little better.
    refunds.server.setRules([
      ...evaluates(),
      {
        name: 'generic',
        when: (p) => isImproving(p) && p.system.includes('what was asked'),
        answer: () => refunds.period.right,
      },
      { name: 'own', when: isImproving, answer: () => 'Nothing at all.' },
    ])
    for (let made = 0; made < 5; made += 1) {
      await plane.admin.sessions.start({ ...request(agentType), mode: 'adaptive' })
    }
    await sessions(agentType, 10)
    await plane.work()
    const [added] = await adaptationsOf(agentType)
    expect(added?.change).toMatch(/strategy generic.*points more than research/)
    const next = await plane.admin.sessions.start(request(agentType))
    expect(next).toMatchObject({ strategy: 'generic', adaptationId: added?.id, improvedResponse: refunds.period.right })
    const { types } = await plane.admin.analytics.statistics()
    const numbers = types.find((type) => type.agentType === agentType)
    expect(numbers?.specialization).toBeLessThan(0)
  })

  it('is made once, however many look at the same moment', async () => {
    const agentType = 'ticketing'
    refunds.server.setRules(stubborn())
    await sessions(agentType, 10)
    const look = () => plane.governor.jobs.run('learning-adapt', { workspace: 'default', id: agentType })
    await Promise.all([look(), look(), look()])
    expect(await adaptationsOf(agentType)).toHaveLength(1)
  })
})

type Predicted = Extract<Prediction, { readonly state: 'predicted' }>

describe('a prediction', () => {
  it('is made of five sessions at least, and judged by those that come; overlapping ones count once', async () => {
    const agentType = 'documentation'
    await sessions(agentType, 4)
    expect(await plane.admin.analytics.predict(agentType)).toEqual({ state: 'too_few', sessions: 4, needed: 5 })
    await sessions(agentType, 1)
    const made = (await plane.admin.analytics.predict(agentType)) as Predicted
    expect(made).toMatchObject({ state: 'predicted', agentType, level: 0.9, direction: 'stable' })
    expect(made.interval[0]).toBeLessThanOrEqual(made.mean)
    expect(made.factors.map(({ name }) => name)).toContain('sample_size')
    expect(made.recommendations.length).toBeGreaterThan(0)
    expect(Date.parse(made.until) - Date.parse(made.createdAt)).toBe(7 * DAY_MS)
    // Another one at the same moment speaks of the same sessions.
    await plane.admin.analytics.predict(agentType)
    await plane.work()
    expect((await plane.admin.analytics.statistics()).predictions).toMatchObject({ settled: 0, hitRate: null })
    await sessions(agentType, 5)
    await plane.work()
    const { predictions } = await plane.admin.analytics.statistics()
    expect(predictions).toMatchObject({ settled: 1, hits: 1, hitRate: 1 })
    expect(predictions.interval?.[0]).toBeGreaterThan(0)
    expect(predictions.interval?.[0]).toBeLessThan(0.5)
  })

  it('of sessions that never came is no hit and no miss', async () => {
    const agentType = 'security'
    await sessions(agentType, 5)
    await plane.admin.analytics.predict(agentType)
    const before = (await plane.admin.analytics.statistics()).predictions
    plane.pass(8 * DAY_MS)
    await plane.work()
    expect((await plane.admin.analytics.statistics()).predictions).toEqual(before)
    let text = ''
    for await (const part of await plane.admin.analytics.export({ kinds: ['predictions'], agentType })) text += part
    expect(JSON.parse(text)).toMatchObject({ kind: 'prediction', agentType, state: 'nothing_came', came: null })
  })
})

describe('what the sessions show', () => {
  it('is there as numbers, for the type and for this process', async () => {
    const agentType = 'version_control'
    await sessions(agentType, 4)
    refunds.server.setOutage(500)
    await sessions(agentType, 1)
    const { types, process: own } = await plane.admin.analytics.statistics()
    const numbers = types.find((type) => type.agentType === agentType)
    expect(numbers).toMatchObject({
      sessions: 5,
      scored: 4,
      failed: 1,
      successRate: 1,
      variance: 0,
      deploymentRate: null,
    })
    expect(numbers?.trend).toEqual({ state: 'too_few', sessions: 4, needed: 5 })
    expect(numbers?.meanImprovement).toBeGreaterThan(0)
    expect(numbers?.sessionsPerMinute).toBeGreaterThan(1)
    expect(own.memoryBytes).toBeGreaterThan(1_000_000)
    await plane.scope('admin').playbooks.write({ agentType, instructions: 'Say why.' })
    const again = (await plane.admin.analytics.statistics()).types.find((type) => type.agentType === agentType)
    expect(again?.deploymentRate).toBe(0)
  })

  it('stands on a dashboard, with what helped another type with the same matter', async () => {
    const line = (agentType: string, tag: string) =>
      JSON.stringify({ agentType, input: 'Which carrier delivers?', correction: `By ${agentType}.`, tags: [tag] })
    await plane.admin.examples.import([line('seller', 'carrier'), line('buyer', 'carrier')].join('\n'))
    const asked = { ...request('seller'), context: `${refunds.period.task} Which carrier delivers?` }
    for (let made = 0; made < 3; made += 1) await plane.admin.sessions.start(asked)
    const dashboard = await plane.admin.analytics.dashboard('buyer')
    expect(dashboard).toMatchObject({ agentType: 'buyer', recent: [], prediction: { state: 'too_few', sessions: 0 } })
    expect(dashboard.suggestions).toMatchObject([{ from: 'seller', tag: 'carrier', sessions: 3 }])
    const [example] = dashboard.suggestions[0]?.examples ?? []
    expect(await plane.admin.examples.get(example ?? '')).toMatchObject({ agentType: 'seller' })
    expect((await plane.admin.analytics.dashboard('seller')).suggestions).toEqual([])
    // Looking on predicts nothing twice.
    await plane.admin.sessions.start(asked)
    await plane.admin.sessions.start(asked)
    const first = await plane.admin.analytics.dashboard('seller')
    const second = await plane.admin.analytics.dashboard('seller')
    expect(first.prediction).toMatchObject({ state: 'predicted' })
    expect(second.prediction).toEqual(first.prediction)
    expect(first.recent).toHaveLength(5)
  })

  it('is heard on the topic of the type as it happens, and of no other type', async () => {
    const end = new AbortController()
    const topic = 'learning:poet'
    const heard = await plane.scope('viewer').events.subscribe({ topic, signal: end.signal })
    await sessions('painter', 1)
    const { id } = await plane.admin.sessions.start(request('poet'))
    const kinds: string[] = []
    for await (const { kind, subjectId } of heard) {
      expect(subjectId).toBe(id)
      if (kinds.push(kind) === 2) end.abort()
    }
    expect(kinds).toEqual(['learning_session.created', 'learning_session.completed'])
  })

  it('is exported page by page, each kind with its name', async () => {
    const scope = plane.learning('admin', 'other')
    for (let made = 0; made < 3; made += 1) await scope.sessions.start({ ...request('generic'), mode: 'batch' })
    await plane.scope('admin', 'other').playbooks.write({ agentType: 'generic', instructions: 'Say it.' })
    const lines: { kind: string; instructions?: string }[] = []
    for await (const part of await scope.analytics.export()) {
      lines.push(
        ...part
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      )
    }
    expect(lines.map(({ kind }) => kind)).toEqual(['session', 'session', 'session', 'playbook'])
    expect(lines.at(-1)).toMatchObject({ agentType: 'generic', version: 1, instructions: 'Say it.' })
    await expect(scope.analytics.export({ kinds: ['texts' as 'sessions'] })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
  })

  it('is kept for so many days after it ended', async () => {
    const prune = () => plane.governor.jobs.run('learning-prune-sessions', {})
    const { id } = await plane.admin.sessions.start(request('tester'))
    const waiting = await plane.admin.sessions.start({ ...request('tester'), mode: 'batch' })
    plane.pass(364 * DAY_MS)
    await prune()
    expect(await plane.admin.sessions.get(id)).toMatchObject({ state: 'completed' })
    plane.pass(2 * DAY_MS)
    await prune()
    await expect(plane.admin.sessions.get(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await plane.admin.sessions.get(waiting.id)).toMatchObject({ state: 'pending' })
  })

  it('is well while everything answers', async () => {
    await sessions('generic', 20)
    expect(await plane.admin.analytics.health()).toEqual({
      ready: true,
      checks: {
        database: { ok: true },
        sessions: { ok: true },
        improver: { ok: true },
        evaluator: { ok: true },
        queue: { ok: true },
      },
    })
  })
})
