import { type ControlPlane, type ControlScope, connectGovernor } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { type Interposed, type Meddle, useReach } from './support.ts'

const reach = useReach()
const why = 'a test'

/** The scope of an administrator behind a connection that is meddled with. */
async function administer(meddle: Meddle): Promise<{ readonly scope: ControlScope; readonly interposed: Interposed }> {
  const { admin } = reach.test
  await admin.members.put('ana', { displayName: 'Ana', roles: ['admin'] })
  const request = { displayName: 'x', principalKind: 'user', principalId: 'ana', roles: ['admin'] } as const
  const { secret } = await admin.keys.create(request)
  const interposed = await reach.interpose(meddle)
  const governor: ControlPlane = connectGovernor({ url: interposed.url, token: secret })
  reach.closing(governor)
  return { scope: governor.as(await governor.authenticate(secret)), interposed }
}

/** The answer to the first request for the path is lost. */
const losing =
  (lost: string): Meddle =>
  (path, times) =>
    path === lost && times === 1 ? 'cut_answer' : 'pass'

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'none',
    (error: { code?: unknown }) => error.code,
  )

describe('administration over a connection that loses an answer', () => {
  it(verifies('REACH-1', 'registers once, and says that it did'), async () => {
    const { scope, interposed } = await administer(losing('/api/agents'))
    expect(await scope.agents.register({ id: 'once', ownerId: 'system' })).toMatchObject({ id: 'once' })
    expect(interposed.asked.filter((path) => path === '/api/agents')).toHaveLength(2)
    const { items } = await reach.test.admin.journal.list({ kind: 'agent.registered', subject: 'once' })
    expect(items).toHaveLength(1)
  })

  it('sets one stop, and lifts it', async () => {
    const { scope } = await administer(losing('/api/stops'))
    const stop = await scope.stops.set({ target: 'agent', agent: 'once', reason: why })
    expect((await scope.stops.list()).items.map(({ id }) => id)).toEqual([stop.id])
    await scope.stops.lift(stop.id, why)
  })

  it('says that a key was made whose secret is lost', async () => {
    const { scope } = await administer(losing('/api/keys'))
    const request = { displayName: 'lost', principalKind: 'agent', principalId: 'once' } as const
    expect(await codeOf(scope.keys.create(request))).toBe('IDEMPOTENCY_SECRET')
    expect((await scope.keys.list()).items.filter(({ displayName }) => displayName === 'lost')).toHaveLength(1)
  })

  it('does not write a policy twice, nor claim that it was not written', async () => {
    const { scope, interposed } = await administer(losing('/api/policies'))
    const { version, document } = await scope.policies.current()
    expect(await codeOf(scope.policies.put(document, { basedOn: version, reason: why }))).toBe('GOVERNOR_UNREACHABLE')
    expect(interposed.asked.filter((path) => path === '/api/policies')).toHaveLength(1)
    expect((await scope.policies.current()).version).toBe(version + 1)
  })

  it('reads again', async () => {
    const { scope } = await administer(losing('/api/maturity/proposals'))
    expect(await scope.proposals.list()).toEqual({ items: [], next: null })
  })
})
