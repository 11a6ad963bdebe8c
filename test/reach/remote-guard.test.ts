import { describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { abortOf, attemptOf, LEASE_MS, useReach } from './support.ts'

const reach = useReach()

const executionOf = async (id: string) => (await reach.test.admin.decisions.get(id)).execution

describe('a remote guard', () => {
  it(verifies(['REACH-10', 'I-4'], 'runs what was claimed, and the outcome is on record'), async () => {
    const agent = await reach.agentOf('autonomous')
    const result = await reach
      .scopeOf(agent)
      .guard(attemptOf(agent, { idempotencyKey: 'k' }), ({ args, attempt, idempotencyKey }) => ({
        args,
        attempt,
        idempotencyKey,
      }))
    expect(result).toMatchObject({
      status: 'executed',
      recorded: true,
      value: { args: { cents: 5 }, attempt: 1, idempotencyKey: 'k' },
    })
    expect(await executionOf(result.decision.id)).toMatchObject({ state: 'succeeded', attempt: 1 })
    const again = await reach.scopeOf(agent).guard(attemptOf(agent, { idempotencyKey: 'k' }), () => {
      throw new Error('It ran again.')
    })
    expect(again).toMatchObject({ status: 'replayed', outcome: { status: 'succeeded', value: { attempt: 1 } } })
  })

  it(verifies(['REACH-10', 'GRANT-3'], 'runs under a grant, and uses it once'), async () => {
    const agent = await reach.agentOf('intern')
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
    const matcher = { args: { cents: { between: [1, 5] } } } as const
    const request = { agent, action: 'refund.create', matcher, uses: 1, expiresAt, reason: 'a test' }
    const { id } = await reach.test.user('ana', 'supervisor').grants.create(request)
    const attempt = attemptOf(agent, { idempotencyKey: 'granted' })
    expect(await reach.scopeOf(agent).check(attempt)).toMatchObject({ grant: { id, usesLeft: 1 } })
    const run = () => reach.scopeOf(agent).guard(attempt, ({ args }) => args)
    expect(await run()).toMatchObject({ status: 'executed', decision: { grant: { id, usesLeft: 0 } } })
    expect(await run()).toMatchObject({ status: 'replayed' })
    expect(await reach.test.admin.grants.get(id)).toMatchObject({ used: 1, state: 'used_up' })
  })

  it('records a failure, and throws what the run threw', async () => {
    const agent = await reach.agentOf('autonomous')
    const error = new Error('The bank is closed.')
    let id = ''
    const run = reach.scopeOf(agent).guard(attemptOf(agent), ({ decision }) => {
      id = decision.id
      throw error
    })
    await expect(run).rejects.toBe(error)
    expect(await executionOf(id)).toMatchObject({ state: 'failed' })
  })

  it('gives a claim back when the host steers elsewhere, so that the same attempt may be made again', async () => {
    const agent = await reach.agentOf('autonomous')
    const steering = new Error('paused')
    const attempt = attemptOf(agent, { idempotencyKey: 'steered' })
    const run = reach.scopeOf(agent).guard(
      attempt,
      () => {
        throw steering
      },
      { isControlFlow: (error) => error === steering },
    )
    await expect(run).rejects.toBe(steering)
    expect(await reach.scopeOf(agent).guard(attempt, ({ attempt: number }) => number)).toMatchObject({ value: 2 })
  })

  it('records the end of a safe run, which claims nothing, once', async () => {
    const agent = await reach.agentOf('autonomous')
    const read = { ...attemptOf(agent), action: 'order.read' }
    const result = await reach.scopeOf(agent).guard(read, () => 'read')
    expect(result).toMatchObject({ status: 'executed', recorded: true, value: 'read' })
    await vi.waitFor(async () => {
      const { items } = await reach.test.admin.journal.list({ agent, kind: 'run.completed' })
      expect(items.map(({ subjectId }) => subjectId)).toEqual([result.decision.id])
    })
  })

  it('keeps a value that the gate does not take out of the record, not the success', async () => {
    const agent = await reach.agentOf('autonomous')
    const attempt = attemptOf(agent, { idempotencyKey: 'odd' })
    const odd = JSON.parse('{"constructor":{"prototype":1}}')
    expect(await reach.scopeOf(agent).guard(attempt, () => odd)).toMatchObject({ status: 'executed', recorded: true })
    expect(await reach.scopeOf(agent).guard(attempt, () => 0)).toMatchObject({
      status: 'replayed',
      outcome: { status: 'succeeded', value: null, stored: false },
    })
  })

  it(verifies('REACH-11', 'keeps its claim alive for longer than a lease'), async () => {
    const agent = await reach.agentOf('autonomous')
    const result = await reach.scopeOf(agent).guard(attemptOf(agent), async ({ signal, checkpoint }) => {
      const until = performance.now() + 1.5 * LEASE_MS
      while (performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
      await checkpoint()
      return signal.aborted
    })
    expect(result).toMatchObject({ status: 'executed', value: false, recorded: true })
  })

  it.each([
    ['a stop', 'STOPPED', (agent: string) => reach.test.admin.stops.set({ target: 'agent', agent, reason: 'a test' })],
    ['a pause', 'AGENT_PAUSED', (agent: string) => reach.test.admin.agents.pause(agent, 'a test')],
    ['a demotion', 'AGENT_CHANGED', (agent: string) => reach.test.admin.agents.demote(agent, 'student', 'a test')],
  ])(verifies('REACH-11', 'is aborted by %s, and by its next checkpoint'), async (_, code, interfere) => {
    const agent = await reach.agentOf('autonomous')
    let reason: unknown
    let checked: unknown
    const run = reach.scopeOf(agent).guard(attemptOf(agent), async ({ signal, checkpoint }) => {
      await interfere(agent)
      reason = await abortOf(signal)
      checked = await checkpoint().catch((error: unknown) => error)
      throw reason
    })
    await expect(run).rejects.toMatchObject({ code })
    expect([reason, checked]).toMatchObject([{ code }, { code }])
  })

  it(verifies('REACH-11', 'is refused by a checkpoint that comes before the next renewal'), async () => {
    const agent = await reach.agentOf('autonomous')
    const run = reach.scopeOf(agent).guard(attemptOf(agent), async ({ checkpoint }) => {
      await reach.test.admin.agents.stop(agent, 'a test')
      await checkpoint()
    })
    await expect(run).rejects.toMatchObject({ code: 'AGENT_STOPPED' })
  })

  it(verifies('REACH-11', 'does not begin on an answer during which a stop came'), async () => {
    const agent = await reach.agentOf('autonomous')
    const parking = reach.failpoints.park('claim.after_commit')
    const guarded = reach.scopeOf(agent).guard(attemptOf(agent), () => 'ran')
    await parking.reached
    await reach.test.admin.stops.set({ target: 'agent', agent, reason: 'a test' })
    setTimeout(parking.release, 700)
    const result = await guarded
    expect(result).toMatchObject({ status: 'withheld', decision: { route: 'denied', code: 'STOPPED' } })
    expect(await executionOf(result.decision.id)).toMatchObject({ state: 'released' })
  })

  it(verifies('REACH-11', 'is aborted when the governor does not answer for a whole lease'), async () => {
    const agent = await reach.agentOf('autonomous')
    let cut = false
    const { url } = await reach.interpose(() => (cut ? 'cut' : 'pass'))
    const run = reach.scopeOf(agent, reach.connect({ url })).guard(attemptOf(agent), async ({ signal }) => {
      cut = true
      throw await abortOf(signal)
    })
    await expect(run).rejects.toMatchObject({ code: 'EXECUTION_FENCED' })
  })

  it(verifies('REACH-11', 'that died leaves an unknown outcome after the lease, and no second run'), async () => {
    const agent = await reach.agentOf('autonomous')
    const identity = await reach.test.governor.authenticate(reach.token)
    const begun = await reach.test.governor.as(identity).remote.begin(attemptOf(agent, { idempotencyKey: 'died' }))
    expect(begun.status).toBe('permitted')
    await vi.waitFor(
      async () => {
        const result = await reach.scopeOf(agent).guard(attemptOf(agent, { idempotencyKey: 'died' }), () => 'ran twice')
        expect(result).toMatchObject({ status: 'withheld', decision: { route: 'denied' } })
        expect(['EXECUTION_IN_PROGRESS', 'OUTCOME_UNKNOWN']).toContain(Reflect.get(result.decision, 'code'))
      },
      { timeout: 5_000 },
    )
  })
})

describe('a lost answer', () => {
  it(verifies('REACH-12', 'to the question whether to run is asked for again, and runs once'), async () => {
    const agent = await reach.agentOf('autonomous')
    const { url, asked } = await reach.interpose((path, times) =>
      path.endsWith('/triggers/guard') && times === 1 ? 'cut_answer' : 'pass',
    )
    let runs = 0
    const result = await reach.scopeOf(agent, reach.connect({ url })).guard(attemptOf(agent), () => {
      runs += 1
    })
    expect(asked.filter((path) => path.endsWith('/triggers/guard'))).toHaveLength(2)
    expect(result).toMatchObject({ status: 'executed', recorded: true })
    expect(runs).toBe(1)
    const { items } = await reach.test.admin.journal.list({ agent, kind: 'decision.made' })
    expect(items).toHaveLength(1)
  })

  it(verifies('REACH-12', 'that stays lost runs nothing, and its claim is never run by anybody'), async () => {
    const agent = await reach.agentOf('autonomous')
    const { url } = await reach.interpose((path) => (path.endsWith('/triggers/guard') ? 'cut_answer' : 'pass'))
    const attempt = attemptOf(agent, { idempotencyKey: 'lost' })
    const result = await reach.scopeOf(agent, reach.connect({ url })).guard(attempt, () => 'ran')
    expect(result).toMatchObject({ status: 'withheld', decision: { route: 'denied', code: 'GOVERNOR_UNREACHABLE' } })
    expect(await reach.scopeOf(agent).guard(attempt, () => 'ran')).toMatchObject({
      status: 'withheld',
      decision: { code: 'EXECUTION_IN_PROGRESS' },
    })
  })

  it(verifies('REACH-12', 'to the outcome is sent again, and recorded once'), async () => {
    const agent = await reach.agentOf('autonomous')
    const { url } = await reach.interpose((path, times) =>
      path.endsWith('/outcome') && times === 1 ? 'cut_answer' : 'pass',
    )
    const result = await reach.scopeOf(agent, reach.connect({ url })).guard(attemptOf(agent), () => 'done')
    expect(result).toMatchObject({ status: 'executed', recorded: true })
    const { items } = await reach.test.admin.journal.list({ agent, kind: 'run.completed' })
    expect(items).toHaveLength(1)
  })

  it(verifies('REACH-12', 'of a caller that went away gives the claim back'), async () => {
    const agent = await reach.agentOf('autonomous')
    const attempt = attemptOf(agent, { idempotencyKey: 'gone' })
    const parking = reach.failpoints.park('claim.after_commit')
    const impatient = reach.scopeOf(agent, reach.connect({ deadlineMs: 300 }))
    expect(await impatient.guard(attempt, () => 'ran')).toMatchObject({
      status: 'withheld',
      decision: { code: 'DEADLINE_EXCEEDED' },
    })
    // The server hears of the closed connection before it answers what is asked for later.
    for (let times = 0; times < 3; times += 1) await fetch(`${reach.url}/healthz`)
    parking.release()
    await vi.waitFor(async () => {
      const { items } = await reach.test.admin.journal.list({ agent, kind: 'run.released' })
      expect(items).toHaveLength(1)
    })
    expect(await reach.scopeOf(agent).guard(attempt, () => 'ran')).toMatchObject({ status: 'executed', value: 'ran' })
  })
})
