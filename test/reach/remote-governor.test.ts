import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import { describe, expect, it, vi } from 'vitest'
import { verifies } from '../verifies.ts'
import { createHostKey, serve } from './serve.ts'
import { abortOf, attemptOf, useReach } from './support.ts'

const reach = useReach()

describe('supervision', () => {
  async function supervised(): Promise<{ agent: string; supervisor: ReturnType<TestGovernor['user']> }> {
    const agent = await reach.agentOf('supervised')
    await reach.test.admin.members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
    const supervisor = reach.test.user('sue', 'supervisor')
    await supervisor.presence.heartbeat()
    return { agent, supervisor }
  }

  async function sessionOf(agent: string): Promise<string> {
    return vi.waitFor(async () => {
      const [session] = (await reach.test.admin.sessions.list({ agent, state: 'active' })).items
      if (session === undefined) throw new Error('There is no session yet.')
      return session.id
    })
  }

  it(verifies(['REACH-10', 'I-17'], 'lets a remote run begin once somebody watches, and ends with it'), async () => {
    const { agent, supervisor } = await supervised()
    let watched = false
    const run = reach.scopeOf(agent).guard(attemptOf(agent), async ({ checkpoint, decision }) => {
      expect(watched).toBe(true)
      await checkpoint()
      return decision.route
    })
    const session = await sessionOf(agent)
    watched = true
    await supervisor.sessions.attach(session)
    expect(await run).toMatchObject({ status: 'executed', value: 'supervision', recorded: true })
    expect(await reach.test.admin.sessions.get(session)).toMatchObject({ state: 'completed' })
  })

  it(verifies('REACH-10', 'queues the run when nobody attaches in time'), async () => {
    const { agent } = await supervised()
    const result = await reach.scopeOf(agent).guard(attemptOf(agent), () => 'ran', { attachWithinMs: 1_200 })
    expect(result).toMatchObject({ status: 'withheld', decision: { route: 'queue' } })
    expect((await reach.test.admin.queue.list({ agent })).items).toHaveLength(1)
    expect((await reach.test.admin.sessions.list({ agent, state: 'active' })).items).toEqual([])
  })

  it(verifies('REACH-10', 'leaves nothing behind for a caller who stops to wait'), async () => {
    const { agent } = await supervised()
    const host = new AbortController()
    const run = reach.scopeOf(agent).guard(attemptOf(agent), () => 'ran', { signal: host.signal })
    await sessionOf(agent)
    host.abort(new Error('The host went away.'))
    expect(await run).toMatchObject({ status: 'withheld', decision: { route: 'denied', code: 'RUN_ABORTED' } })
    expect((await reach.test.admin.queue.list({ agent })).items).toEqual([])
    expect((await reach.test.admin.sessions.list({ agent, state: 'active' })).items).toEqual([])
  })

  it(verifies('REACH-10', 'is claimed for the attempt that was decided on, and for no other'), async () => {
    const { agent, supervisor } = await supervised()
    const identity = await reach.test.governor.authenticate(reach.token)
    const { remote } = reach.test.governor.as(identity)
    const begun = await remote.begin(attemptOf(agent))
    if (begun.status !== 'waiting') throw new Error(`It is ${begun.status}.`)
    await supervisor.sessions.attach(begun.decision.session.id)
    const ask = { withinMs: 0, otherwise: 'wait' } as const
    const other = { ...attemptOf(agent), args: { cents: 99_999 } }
    await expect(remote.claim(begun.decision.id, { ...ask, trigger: other })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    const stranger = reach.test.governor.as({
      workspace: 'default',
      principal: { kind: 'user', id: 'eve', roles: ['admin'] },
    })
    await expect(stranger.remote.claim(begun.decision.id, { ...ask, trigger: attemptOf(agent) })).rejects.toMatchObject(
      {
        code: 'NOT_FOUND',
      },
    )
    expect(await remote.claim(begun.decision.id, { ...ask, trigger: attemptOf(agent) })).toMatchObject({
      status: 'permitted',
    })
  })
})

describe('who calls', () => {
  it('is who the credential says: a person decides with their own', async () => {
    await reach.test.admin.members.put('ana', { displayName: 'Ana', roles: ['supervisor'] })
    const request = { displayName: 'ana', principalKind: 'user', principalId: 'ana', roles: ['supervisor'] } as const
    const { secret } = await reach.test.admin.keys.create(request)
    const governor = reach.connect()
    const identity = await governor.authenticate(secret)
    expect(identity).toMatchObject({ workspace: 'default', source: 'manual', principal: { kind: 'user', id: 'ana' } })
    const agent = await reach.agentOf('student')
    const decision = await governor.as(identity).decide(attemptOf(agent))
    expect(decision).toMatchObject({ route: 'execution', source: 'manual' })
    expect((await reach.test.admin.decisions.get(decision.id)).actor).toBe('user:ana')
  })

  it('is asked for once for requests that come together', async () => {
    const { url, asked } = await reach.interpose(() => 'pass')
    const governor = reach.connect({ url })
    const [first, second] = await Promise.all([governor.authenticate(reach.token), governor.authenticate(reach.token)])
    expect(first).toBe(second)
    expect(asked).toHaveLength(1)
  })

  it('is nobody with a credential that is none', async () => {
    await expect(reach.connect().authenticate('pcp_nobody')).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID' })
    const agent = await reach.agentOf('autonomous')
    const decision = await reach.scopeOf(agent, reach.connect({ token: 'pcp_nobody' })).decide(attemptOf(agent))
    expect(decision).toMatchObject({ route: 'denied', code: 'CREDENTIAL_INVALID' })
  })

  it('acts in the workspace of the credential, for no other agent, and from no other source', async () => {
    const agent = await reach.agentOf('autonomous')
    const principal = { kind: 'agent', id: agent, roles: [] } as const
    const governor = reach.connect()
    expect(await governor.as({ workspace: 'other', principal }).decide(attemptOf(agent))).toMatchObject({
      route: 'denied',
      code: 'WORKSPACE_MISMATCH',
    })
    expect(await governor.as({ workspace: 'default', principal }).decide(attemptOf('another'))).toMatchObject({
      route: 'denied',
      code: 'AGENT_MISMATCH',
    })
    const synced = governor.as({ workspace: 'default', principal, source: 'data_sync' })
    expect(await synced.decide(attemptOf(agent))).toMatchObject({ route: 'denied', code: 'SOURCE_MISMATCH' })
    await reach.test.admin.members.put('root', { displayName: 'Root', roles: ['admin'] })
    const { secret } = await reach.test.admin.keys.create({
      displayName: 'root',
      principalKind: 'user',
      principalId: 'root',
      roles: ['admin'],
    })
    const student = await reach.agentOf('student')
    const asPerson = reach.scopeOf(student, reach.connect({ token: secret }))
    expect(await asPerson.guard(attemptOf(student), () => 'ran')).toMatchObject({
      status: 'withheld',
      decision: { route: 'denied', code: 'SOURCE_MISMATCH' },
    })
    expect(() => governor.as({ workspace: 'default', principal, source: 'manual' })).toThrow(
      expect.objectContaining({ code: 'SOURCE_MISMATCH' }),
    )
  })

  it('speaks for no run of somebody else', async () => {
    const agent = await reach.agentOf('autonomous')
    const identity = await reach.test.governor.authenticate(reach.token)
    const begun = await reach.test.governor.as(identity).remote.begin(attemptOf(agent))
    const stranger = reach.test.governor.as({
      workspace: 'default',
      principal: { kind: 'user', id: 'eve', roles: ['admin'] },
    })
    const end = { agent, fence: 1, outcome: { status: 'succeeded', value: null, stored: true } } as const
    await expect(stranger.remote.settle(begun.decision.id, end)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' })
    // What was claimed has no end without its fence, even from who claimed it.
    for (const scope of [reach.test.governor.as(identity), stranger]) {
      const unclaimed = scope.remote.settle(begun.decision.id, { ...end, fence: null })
      await expect(unclaimed).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
    const checkpoint = { agent, claim: { fence: 1, epochs: [] } }
    await expect(stranger.remote.checkpoint(begun.decision.id, checkpoint)).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    })
  })
})

describe('closing', () => {
  it('lets running calls end, and decides nothing afterwards', async () => {
    const agent = await reach.agentOf('autonomous')
    const governor = reach.connect()
    let finish: (value: string) => void = () => undefined
    const running = reach
      .scopeOf(agent, governor)
      .guard(attemptOf(agent), () => new Promise((resolve) => (finish = resolve)))
    await vi.waitFor(() => expect(finish).not.toHaveLength(0))
    const closed = governor.close()
    expect(await reach.scopeOf(agent, governor).decide(attemptOf(agent))).toMatchObject({ code: 'GOVERNOR_CLOSED' })
    finish('done')
    await closed
    expect(await running).toMatchObject({ status: 'executed', value: 'done', recorded: true })
  })

  it(
    verifies('REACH-10', 'begins nothing that was decided on just before, and has that on record as denied'),
    async () => {
      const agent = await reach.agentOf('autonomous')
      const governor = reach.connect()
      const attempt = attemptOf(agent, { idempotencyKey: 'closing' })
      const parking = reach.failpoints.park('claim.after_commit')
      const guarded = reach.scopeOf(agent, governor).guard(attempt, () => 'ran')
      await parking.reached
      await governor.close()
      parking.release()
      const result = await guarded
      expect(result).toMatchObject({ status: 'withheld', decision: { route: 'denied', code: 'GOVERNOR_CLOSED' } })
      const { decision, execution } = await reach.test.admin.decisions.get(result.decision.id)
      expect(decision).toMatchObject({ route: 'denied', code: 'GOVERNOR_CLOSED' })
      expect(execution).toMatchObject({ state: 'released' })
      expect(await reach.scopeOf(agent).guard(attempt, () => 'ran')).toMatchObject({ status: 'executed', value: 'ran' })
    },
  )

  it('aborts those that last too long', async () => {
    const agent = await reach.agentOf('autonomous')
    const governor = reach.connect({ closeWithinMs: 50 })
    const started = new Promise<AbortSignal>((resolve) => {
      const run = reach.scopeOf(agent, governor).guard(attemptOf(agent), async ({ signal }) => {
        resolve(signal)
        throw await abortOf(signal)
      })
      run.catch(() => undefined)
    })
    const signal = await started
    await governor.close()
    expect(signal.reason).toMatchObject({ code: 'GOVERNOR_CLOSED' })
  })
})

describe('a server that started anew', () => {
  it(verifies('REACH-10', 'is told the actions of this process again'), async () => {
    const before = await serve(reach.test.governor)
    const agent = await reach.agentOf('autonomous')
    const governor = reach.connect({ url: before.url })
    await reach.scopeOf(agent, governor).registerActions({ 'own.action': { risk: 'medium' } })
    const attempt = { agent, action: 'own.action', args: {} }
    expect(await reach.scopeOf(agent, governor).guard(attempt, () => 'ran')).toMatchObject({ status: 'executed' })
    await before.close()
    // Another store, so that the credential is a new one too.
    const second = await createTestGovernor()
    const after = await serve(second.governor, Number(new URL(before.url).port))
    reach.closing(governor, after, second)
    await second.register(agent, 'autonomous')
    expect(await reach.scopeOf(agent, governor).decide(attempt)).toMatchObject({ code: 'CREDENTIAL_INVALID' })
    const identity = await governor.authenticate(await createHostKey(second.admin))
    const scope = governor.as(identity)
    expect(await scope.guard(attempt, () => 'ran')).toMatchObject({ status: 'executed' })
    expect(await scope.decide(attempt)).toMatchObject({ route: 'execution' })
    expect(await scope.check(attempt)).toMatchObject({ route: 'execution' })
    const unknown = { ...attempt, action: 'nobody.knows' }
    expect(await scope.check(unknown)).toMatchObject({ route: 'denied', code: 'ACTION_UNKNOWN' })
  }, 90_000)
})
