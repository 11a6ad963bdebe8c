import type { Scope, Trigger } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor
let scope: Scope

beforeAll(async () => {
  test = await createTestGovernor({
    settings: { claimLeaseMs: 60_000, attachWithinMs: 400 },
  })
  await test.register('bot', 'autonomous')
  await test.register('watched', 'supervised')
  scope = test.agent('bot')
})
afterAll(() => test.close())

function attempt(idempotencyKey: string, action = 'refund.create'): Trigger {
  return { agent: 'bot', action, args: { cents: 5 }, idempotencyKey }
}

describe('guard', () => {
  it('runs with the parsed args and records the outcome [GUARD-1, ACT-2]', async () => {
    const result = await scope.guard(attempt('run'), ({ args, idempotencyKey, attempt: count }) => ({
      args,
      idempotencyKey,
      count,
    }))
    expect(result).toMatchObject({
      status: 'executed',
      recorded: true,
      value: { args: { cents: 5 }, idempotencyKey: 'run', count: 1 },
    })
    const record = await test.admin.decisions.get(result.decision.id)
    expect(record.execution).toMatchObject({ state: 'succeeded' })
  })

  it('keeps what was decided from being changed afterwards [ACT-2]', async () => {
    const args = { cents: 5, to: { name: 'ana' } }
    const running = scope.guard({ ...attempt('changed'), args }, (call) => structuredClone(call.args))
    args.cents = 99_999
    args.to.name = 'mallory'
    const result = await running
    expect(result).toMatchObject({ value: { cents: 5, to: { name: 'ana' } } })
  })

  it('runs twenty concurrent calls of one key once [GUARD-3, I-4]', async () => {
    let runs = 0
    const results = await Promise.all(
      Array.from({ length: 20 }, () =>
        scope.guard(attempt('together'), async () => {
          runs += 1
          return 'once'
        }),
      ),
    )
    expect(runs).toBe(1)
    expect(results.filter(({ status }) => status === 'executed')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'withheld') expect(result.decision).toMatchObject({ code: 'EXECUTION_IN_PROGRESS' })
      if (result.status === 'replayed') expect(result.outcome).toMatchObject({ status: 'succeeded', value: 'once' })
    }
    const late = await scope.guard(attempt('together'), () => 'twice')
    expect(late).toMatchObject({ status: 'replayed', outcome: { value: 'once' } })
  })

  it('refuses a key that was used with other args [I-4]', async () => {
    await scope.guard(attempt('bound'), () => 'ran')
    const other = await scope.guard({ ...attempt('bound'), args: { cents: 6 } }, () => 'ran too')
    expect(other).toMatchObject({ status: 'withheld', decision: { code: 'IDEMPOTENCY_KEY_REUSED' } })
  })

  it('rethrows the error of the action as it is, and repeats it only where that does no harm [GUARD-1]', async () => {
    const failure = new TypeError('no such order')
    await expect(
      scope.guard(attempt('fails'), () => {
        throw failure
      }),
    ).rejects.toBe(failure)
    const again = await scope.guard(attempt('fails'), () => 'now')
    expect(again).toMatchObject({ status: 'replayed', outcome: { status: 'failed', message: 'no such order' } })
    await expect(scope.guard(attempt('fails-2', 'refund.retry'), () => Promise.reject(failure))).rejects.toBe(failure)
    const retried = await scope.guard(attempt('fails-2', 'refund.retry'), (call) => call.attempt)
    expect(retried).toMatchObject({ status: 'executed', value: 2 })
  })

  it('lets control flow of the host pass, and the attempt counts as not made [GUARD-1]', async () => {
    const interrupt = Object.assign(new Error('interrupt'), { isInterrupt: true })
    const isControlFlow = (error: unknown) => error === interrupt
    await expect(scope.guard(attempt('paused'), () => Promise.reject(interrupt), { isControlFlow })).rejects.toBe(
      interrupt,
    )
    const resumed = await scope.guard(attempt('paused'), () => 'resumed', { isControlFlow })
    expect(resumed).toMatchObject({ status: 'executed', value: 'resumed' })
  })

  it('hands the abort signal to the action and records that it ended [GUARD-2]', async () => {
    const host = new AbortController()
    const running = scope.guard(
      attempt('aborted'),
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
          host.abort(new Error('the caller went away'))
        }),
      { signal: host.signal },
    )
    await expect(running).rejects.toThrow('the caller went away')
    const again = await scope.guard(attempt('aborted'), () => 'again')
    expect(again).toMatchObject({ status: 'replayed', outcome: { status: 'failed' } })
  })

  it('aborts what runs when a stop is set [I-13]', async () => {
    let begin = (): void => {}
    const started = new Promise<void>((resolve) => {
      begin = resolve
    })
    const running = scope.guard(attempt('stopped'), ({ signal }) => {
      begin()
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    await started
    const stop = await test.admin.stops.set({ target: 'agent', agent: 'bot', reason: 'test' })
    await expect(running).rejects.toMatchObject({ code: 'STOPPED' })
    await test.admin.stops.lift(stop.id, 'over')
  })

  it('asks again at a checkpoint [I-13]', async () => {
    await test.register('stepping', 'autonomous')
    const steps: string[] = []
    const running = test.agent('stepping').guard({ ...attempt('steps'), agent: 'stepping' }, async ({ checkpoint }) => {
      await checkpoint()
      steps.push('one')
      await test.admin.agents.demote('stepping', 'student', 'test')
      await checkpoint()
      steps.push('two')
    })
    await expect(running).rejects.toMatchObject({ code: 'AGENT_CHANGED' })
    expect(steps).toEqual(['one'])
  })

  it('keeps no value that JSON cannot carry, and says so', async () => {
    const circular: Record<string, unknown> = {}
    circular.self = circular
    const result = await scope.guard(attempt('odd'), () => circular)
    expect(result).toMatchObject({ status: 'executed', recorded: true })
    const again = await scope.guard(attempt('odd'), () => 'again')
    expect(again).toMatchObject({ status: 'replayed', outcome: { status: 'succeeded', value: null, stored: false } })
  })

  it('claims and reports for hosts that cannot wrap the run; a second report is refused [I-18]', async () => {
    const decision = await scope.decide(attempt('halves'), { claim: true })
    expect(decision.route).toBe('execution')
    const again = await scope.decide(attempt('halves'), { claim: true })
    expect(again).toMatchObject({ route: 'denied', code: 'EXECUTION_IN_PROGRESS' })
    await scope.report(decision.id, { status: 'succeeded', value: 'done', stored: true })
    await expect(scope.report(decision.id, { status: 'failed', message: 'late' })).rejects.toMatchObject({
      code: 'EXECUTION_FENCED',
    })
    expect(await scope.guard(attempt('halves'), () => 'no')).toMatchObject({
      status: 'replayed',
      outcome: { value: 'done' },
    })
  })
})

describe('a supervised run', () => {
  const trigger: Trigger = { agent: 'watched', action: 'refund.create', args: {}, idempotencyKey: 'w' }

  it('waits in the queue when nobody is there, and never runs [ROUTE-7]', async () => {
    let ran = false
    const result = await test.agent('watched').guard({ ...trigger, idempotencyKey: 'alone' }, () => {
      ran = true
    })
    expect(result).toMatchObject({ status: 'withheld', decision: { route: 'queue' } })
    expect(ran).toBe(false)
  })

  it('runs once a supervisor attached, and only the owner, viewers and strangers may not [ROUTE-7, ROUTE-13]', async () => {
    for (const [id, ...roles] of [
      ['sam', 'supervisor'],
      ['vic', 'viewer'],
    ] as const) {
      await test.admin.members.put(id, { displayName: id, roles })
    }
    const sam = test.user('sam', 'supervisor')
    await sam.presence.heartbeat()
    expect(await test.admin.presence.available()).toMatchObject([{ userId: 'sam', state: 'online' }])
    const running = test.agent('watched').guard(trigger, () => 'watched', { attachWithinMs: 10_000 })
    const session = await expect
      .poll(async () => (await sam.sessions.list({ state: 'active' })).items[0], { timeout: 5_000 })
      .toMatchObject({ state: 'starting', agent: 'watched' })
      .then(async () => (await sam.sessions.list({ state: 'active' })).items[0])
    if (session === undefined) throw new Error('There is a session.')
    await expect(test.user('vic', 'viewer').sessions.attach(session.id)).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    const attached = await sam.sessions.attach(session.id)
    expect(attached).toMatchObject({ state: 'running', supervisorId: 'sam' })
    expect(await running).toMatchObject({ status: 'executed', value: 'watched', decision: { route: 'supervision' } })
    expect(await sam.sessions.get(session.id)).toMatchObject({ state: 'completed' })
    await expect(sam.sessions.attach(session.id)).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  it('goes to the queue when nobody attached in time; the session ends [ROUTE-7]', async () => {
    const result = await test.agent('watched').guard({ ...trigger, idempotencyKey: 'late' }, () => 'ran')
    expect(result).toMatchObject({ status: 'withheld', decision: { route: 'queue' } })
    const { items } = await test.admin.sessions.list({ agent: 'watched' })
    expect(items[0]).toMatchObject({ state: 'failed', endReason: 'Nobody watched the run in time.' })
  })

  it('is not for the owner to supervise [ROUTE-13]', async () => {
    await test.admin.agents.register({ id: 'owned', maturity: 'supervised', ownerId: 'sam' })
    await test.user('sam', 'supervisor').presence.heartbeat()
    const decision = await test.agent('owned').decide({ ...trigger, agent: 'owned' })
    expect(decision.route).toBe('queue')
  })
})
