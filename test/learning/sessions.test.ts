import type { Check, Format, Strategy } from '@preceptor/learning'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { modelAt } from './models.ts'
import { loadRefunds, type RefundCase, type Rule, type RuleServer, startRuleServer } from './rule-server.ts'
import { openSessionPlane, refundSession, type SessionPlane } from './sessions-harness.ts'

let server: RuleServer
let raters: RuleServer
let rules: readonly Rule[]
let period: RefundCase
let plane: SessionPlane

beforeAll(async () => {
  const refunds = await loadRefunds()
  rules = refunds.refundRules()
  const [first] = refunds.REFUND_CASES
  if (first === undefined) throw new Error('There are no cases.')
  period = first
  server = await startRuleServer()
  raters = await startRuleServer()
  plane = await openSessionPlane(server, { learning: { evaluator: modelAt(raters), cache: false } })
  await plane.scope('admin').agents.register({ id: 'refund-bot', maturity: 'intern', ownerId: 'system' })
})
afterEach(() => {
  for (const one of [server, raters]) {
    one.setOutage(null)
    one.setLatency(0)
    one.setRules(rules)
    one.forgetCalls()
  }
})
afterAll(async () => {
  await plane?.governor.close()
  await server?.close()
  await raters?.close()
})

const improves = (when: Rule['when'], answer: string): Rule => ({
  name: `says ${answer}`,
  when: (prompt) => prompt.system.includes('You correct the answer') && when(prompt),
  answer: () => answer,
})

describe('a continuous session', () => {
  it('is improved once, scored before and after, and told of [LEARN-5]', async () => {
    const session = await plane.admin.sessions.start(refundSession(period, { agent: 'refund-bot' }))
    expect(session).toMatchObject({
      state: 'completed',
      mode: 'continuous',
      agent: 'refund-bot',
      agentType: 'generic',
      improvedResponse: period.right,
      strategy: 'generic',
      adaptationId: null,
      model: 'model:scripted',
      failure: null,
    })
    if (session.before?.state !== 'scored' || session.after?.state !== 'scored') throw new Error('It has no score.')
    expect(session.improvement).toBeCloseTo(session.after.score - session.before.score, 1)
    expect(session.improvement).toBeGreaterThan(0)
    expect(Object.keys(session.after.criteria)).toContain('correctness')
    expect(server.calls).toHaveLength(1)
    expect(raters.calls).toHaveLength(2)
    expect(await plane.admin.sessions.get(session.id)).toEqual(session)
    expect(await plane.told(session.id)).toEqual(['learning_session.created', 'learning_session.completed'])
  })

  it('never tells the evaluator which answer came first', async () => {
    await plane.admin.sessions.start(refundSession(period))
    const asked = raters.calls.map(({ prompt }) => JSON.parse(prompt.user))
    const withoutAnswer = asked.map(({ answer: _, evaluation: __, ...rest }) => JSON.stringify(rest))
    expect(new Set(withoutAnswer).size).toBe(1)
    expect(asked.map(({ answer }) => answer).sort()).toEqual([period.right, period.wrong].sort())
  })

  it('improves by the strategy of the type, and rates by its criteria', async () => {
    const session = await plane.admin.sessions.start(refundSession(period, { agentType: 'engineer', format: 'mixed' }))
    expect(session.strategy).toBe('engineer')
    expect(server.calls[0]?.prompt.system).toContain('Give whole code that runs')
    expect(raters.calls[0]?.prompt.system).toContain('- error_handling: ')
  })

  it('shows the improver up to three examples of the type that fit, and none that is held out', async () => {
    const lines = Array.from({ length: 5 }, (_, index) =>
      JSON.stringify({
        agentType: 'qa',
        input: `Deadline question ${index}: how long may a customer wait?`,
        correction: `The deadline is ${index} weeks.`,
        tags: ['deadline'],
      }),
    )
    await plane.admin.examples.import(lines.join('\n'))
    const request = { agentType: 'qa', context: 'Which deadline does a parcel have?' }
    await plane.admin.sessions.start(refundSession(period, request))
    expect(server.calls[0]?.prompt.user.match(/The deadline is \d weeks\./g)).toHaveLength(3)
    server.forgetCalls()
    await plane.admin.sessions.start(refundSession(period, { ...request, context: 'Zebra?' }))
    expect(server.calls[0]?.prompt.user).not.toContain('# Examples')
  })

  it('that the model changes nothing of has an improvement of nothing', async () => {
    server.setRules([improves(() => true, period.wrong)])
    const session = await plane.admin.sessions.start(refundSession(period))
    expect(session).toMatchObject({ state: 'completed', improvedResponse: period.wrong, improvement: 0, model: null })
  })
})

describe('a session without a score or an answer', () => {
  it('is completed with no score while the evaluator is away [LEARN-5]', async () => {
    raters.setOutage(503)
    const session = await plane.admin.sessions.start(refundSession(period))
    expect(session).toMatchObject({ state: 'completed', improvedResponse: period.right, improvement: null })
    expect(session.before).toMatchObject({ state: 'unscored', reason: expect.stringContaining('503') })
    expect(session.after).toMatchObject({ state: 'unscored' })
  })

  it('has failed while the improver is away, with the reason', async () => {
    server.setOutage(503)
    const session = await plane.admin.sessions.start(refundSession(period))
    expect(session).toMatchObject({ state: 'failed', improvedResponse: null, before: null, improvement: null })
    expect(session.failure).toContain('503')
    expect(raters.calls).toHaveLength(0)
    expect(await plane.told(session.id)).toEqual(['learning_session.created', 'learning_session.failed'])
  })

  it('has failed where what the model says cannot be stored', async () => {
    server.setRules([improves(() => true, 'half \uD800 of it')])
    const session = await plane.admin.sessions.start(refundSession(period))
    expect(session).toMatchObject({ state: 'failed', failure: 'The answer cannot be stored as a text.' })
  })

  it('has failed, and says so, where there is no model at all', async () => {
    const bare = await openSessionPlane(null)
    try {
      const session = await bare.admin.sessions.start(refundSession(period))
      expect(session).toMatchObject({ state: 'failed', failure: 'There is no chat model that improves answers.' })
      const health = await bare.admin.analytics.health()
      expect(health).toMatchObject({ ready: false, checks: { improver: { ok: false }, evaluator: { ok: false } } })
      expect(health.checks).toMatchObject({ database: { ok: true }, queue: { ok: true }, sessions: { ok: false } })
    } finally {
      await bare.governor.close()
    }
  })
})

describe('an adaptive session', () => {
  it('keeps the best of what the own and the generic strategy make of it', async () => {
    server.setRules([
      improves(({ system }) => system.includes('You are an engineer'), 'No idea.'),
      improves(() => true, period.right),
    ])
    const request = refundSession(period, { agentType: 'engineer', correction: period.right })
    const once = await plane.admin.sessions.start(request)
    expect(once).toMatchObject({ improvedResponse: 'No idea.', strategy: 'engineer' })
    server.forgetCalls()
    const best = await plane.admin.sessions.start({ ...request, mode: 'adaptive' })
    expect(best).toMatchObject({ state: 'completed', improvedResponse: period.right, strategy: 'generic' })
    expect(best.improvement).toBeGreaterThan(once.improvement ?? 100)
    expect(server.calls).toHaveLength(2)
  })

  it('goes on with what one way gives when another one fails', async () => {
    server.setRules([improves(({ system }) => system.includes('You are an engineer'), period.right)])
    const session = await plane.admin.sessions.start(refundSession(period, { agentType: 'engineer', mode: 'adaptive' }))
    expect(session).toMatchObject({ state: 'completed', strategy: 'engineer', improvedResponse: period.right })
  })
})

describe('a session in a batch', () => {
  it('waits for a worker, which does it once', async () => {
    const session = await plane.admin.sessions.start(refundSession(period, { mode: 'batch' }))
    expect(session).toMatchObject({ state: 'pending', improvedResponse: null, durationMs: null, endedAt: null })
    expect(server.calls).toHaveLength(0)
    await plane.work()
    expect(await plane.admin.sessions.get(session.id)).toMatchObject({
      state: 'completed',
      improvedResponse: period.right,
    })
    await plane.governor.jobs.run('learning-session', { workspace: 'default', id: session.id })
    expect(server.calls).toHaveLength(1)
    expect(await plane.told(session.id)).toHaveLength(2)
  })
})

describe('what the host registers', () => {
  it('is used in a whole session: strategy, check, format, template', async () => {
    const noShouting: Check = {
      name: 'no-shouting',
      kind: 'content',
      run: ({ answer }) => ({
        passed: !answer.includes('!'),
        score: answer.includes('!') ? 0 : 100,
        reason: 'Looked.',
      }),
    }
    const poet: Strategy = {
      agentType: 'poet',
      criteria: [{ name: 'metre', weight: 2, description: 'Each line has the same feet.' }],
      prompt: {
        template: 'improve-poem',
        guidance: ['Count the feet.'],
        sections: ({ original, correction }) => [
          { title: 'Verse', text: original },
          { title: 'Correction', text: correction },
        ],
      },
      checks: [noShouting],
    }
    const sonnet: Format = {
      name: 'sonnet',
      instruction: 'Fourteen lines.',
      checkKinds: ['content'],
      checks: [],
      unwrap: (text) => text.replace(/^Sonnet: /, ''),
    }
    const templates = [
      { name: 'improve-poem', text: 'Mend this verse.\n{{guidance}}' },
      { name: 'improve-hymn', text: 'Mend this hymn.\n{{guidance}}' },
    ]
    server.setRules([
      ...rules.filter(({ name }) => name === 'evaluate'),
      { name: 'poem', when: ({ system }) => system.startsWith('Mend this'), answer: () => 'Sonnet: A quiet line.' },
    ])
    const own = await openSessionPlane(server, { learning: { strategies: [poet], formats: [sonnet], templates } })
    try {
      const request = refundSession(period, { agentType: 'poet', format: 'sonnet', correction: 'A quiet line.' })
      const session = await own.admin.sessions.start(request)
      expect(session).toMatchObject({ state: 'completed', strategy: 'poet', improvedResponse: 'A quiet line.' })
      expect(server.calls[0]?.prompt.system).toBe('Mend this verse.\n- Count the feet.')
      expect(server.calls[0]?.prompt.user).toMatch(/^# Verse\n/)
      if (session.after?.state !== 'scored') throw new Error('It has no score.')
      expect(session.after.criteria).toHaveProperty('metre')
      expect(session.after.checks).toEqual([{ name: 'no-shouting', passed: true, score: 100, reason: 'Looked.' }])
      server.forgetCalls()
      await own.admin.sessions.start({ ...request, template: 'improve-hymn', context: 'Another one?' })
      expect(server.calls[0]?.prompt.system).toBe('Mend this hymn.\n- Count the feet.')
      for (const wrong of [{ template: 'evaluate' }, { template: 'improve-nothing' }, { format: 'ode' }]) {
        await expect(own.admin.sessions.start({ ...request, ...wrong })).rejects.toMatchObject({
          code: 'INPUT_INVALID',
        })
      }
    } finally {
      await own.governor.close()
    }
  })
})

describe('sessions', () => {
  it('of one workspace are nothing in another one [I-34]', async () => {
    const session = await plane.admin.sessions.start(refundSession(period, { agentType: 'ops' }))
    const other = plane.learning('admin', 'other')
    await expect(other.sessions.get(session.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await other.sessions.list()).items).toEqual([])
    expect((await other.analytics.statistics()).types).toEqual([])
    expect((await plane.admin.sessions.list({ agentType: 'ops' })).items).toEqual([session])
  })

  it('are named by feedback only where they are there, and of that agent', async () => {
    const { id } = await plane.admin.sessions.start(refundSession(period, { agent: 'refund-bot' }))
    const give = (about: string) =>
      plane.admin.feedback.give({
        agent: 'refund-bot',
        kind: 'positive',
        input: 'a question',
        output: 'an answer',
        about: { kind: 'learning_session', id: about },
      })
    expect(await give(id)).toMatchObject({ about: { id } })
    const loose = await plane.admin.sessions.start(refundSession(period))
    await expect(give(loose.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(give('lss_none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('show a viewer that there was one, and not what was said', async () => {
    const secret = 'quinquereme'
    const request = refundSession(period, { agentType: 'security', correction: `Say ${secret}.`, context: secret })
    const { id } = await plane.admin.sessions.start({ ...request, originalResponse: `${secret} no` })
    const { sessions, analytics } = plane.learning('viewer')
    const shown = [await sessions.get(id), await sessions.list(), await analytics.dashboard('security')]
    expect(JSON.stringify(shown)).toContain(id)
    expect(JSON.stringify(shown)).not.toContain(secret)
    await expect(sessions.start(request)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    await expect(analytics.export()).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
  })

  it.each([
    ['no type', { agentType: 'A type' }, 'INPUT_INVALID'],
    ['no answer', { originalResponse: ' ' }, 'INPUT_INVALID'],
    ['a format that is none', { format: 'song' }, 'INPUT_INVALID'],
    ['a mode that is none', { mode: 'later' as 'batch' }, 'INPUT_INVALID'],
    ['an agent that is not there', { agent: 'nobody' }, 'NOT_FOUND'],
  ])('are refused with %s', async (_, wrong, code) => {
    await expect(plane.admin.sessions.start(refundSession(period, wrong))).rejects.toMatchObject({ code })
    expect(server.calls).toHaveLength(0)
  })

  it('keep no secret', async () => {
    const secret = 'sk-abcdefghijklmnopqrstuvwx'
    server.setRules([improves(() => true, `Use ${secret}.`), ...rules])
    const session = await plane.admin.sessions.start(refundSession(period, { context: `With ${secret}?` }))
    expect(JSON.stringify(session)).not.toContain(secret)
    expect(JSON.stringify([...server.calls, ...raters.calls].map(({ prompt }) => prompt))).not.toContain(secret)
  })
})
