import { EventEmitter, once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

let test: TestGovernor
let slow: (() => Promise<void>) | undefined

beforeAll(async () => {
  const failpoint = async (name: string): Promise<void> => {
    if (name !== 'claim.before_commit') return
    const wait = slow
    slow = undefined
    await wait?.()
  }
  test = await createTestGovernor({ testing: { failpoint } })
  await test.register('watched', 'supervised')
  await test.admin.members.put('sam', { displayName: 'sam', roles: ['supervisor'] })
})
afterAll(() => test.close())

const active = async () => (await test.admin.sessions.list({ state: 'active', agent: 'watched' })).items
const queued = async () => (await test.admin.queue.list({ agent: 'watched' })).items

async function waitingSession(): Promise<string> {
  await expect.poll(async () => (await active()).length).toBeGreaterThan(0)
  const [session] = await active()
  return session?.id ?? ''
}

describe('a run that waits for a supervisor', () => {
  it('leaves nothing behind that could still run when its caller stops to wait [I-4, GUARD-2]', async () => {
    await test.user('sam', 'supervisor').presence.heartbeat()
    const caller = new AbortController()
    const trigger = { agent: 'watched', action: 'refund.create', args: {} }
    const options = { signal: caller.signal, attachWithinMs: 10_000 }
    const running = test.agent('watched').guard(trigger, () => 'ran', options)
    const session = await waitingSession()
    caller.abort()
    expect(await running).toMatchObject({ status: 'withheld', decision: { route: 'denied', code: 'RUN_ABORTED' } })
    expect(await queued()).toEqual([])
    expect(await test.admin.sessions.get(session)).toMatchObject({ state: 'failed' })
  })

  it('waits in the queue once, however often its key waited, and leaves no session open [I-4]', async () => {
    await test.user('sam', 'supervisor').presence.heartbeat()
    const attempt = () =>
      test
        .agent('watched')
        .guard({ agent: 'watched', action: 'refund.create', args: {}, idempotencyKey: 'both' }, () => 'ran', {
          attachWithinMs: 400,
        })
    const results = await Promise.all([attempt(), attempt(), attempt()])
    const [entry, ...others] = await queued()
    expect(others).toEqual([])
    for (const result of results) {
      expect(result).toMatchObject({ status: 'withheld', decision: { route: 'queue', queueEntry: { id: entry?.id } } })
    }
    expect(await active()).toEqual([])
  })

  it('is denied when the claim under the watch takes too long, and that claim is given back [I-1]', {
    timeout: 20_000,
  }, async () => {
    const sam = test.user('sam', 'supervisor')
    await sam.presence.heartbeat()
    const trigger = { agent: 'watched', action: 'refund.create', args: {}, idempotencyKey: 'slow' }
    let runs = 0
    const run = (): void => {
      runs += 1
    }
    const late = new EventEmitter()
    slow = async () => void (await once(late, 'commit'))
    const running = test.agent('watched').guard(trigger, run, { attachWithinMs: 10_000 })
    await sam.sessions.attach(await waitingSession())
    const attached = performance.now()
    const result = await running
    expect(result).toMatchObject({ status: 'withheld', decision: { code: 'DEADLINE_EXCEEDED' } })
    expect(performance.now() - attached).toBeLessThan(4_000)
    late.emit('commit')
    expect(runs).toBe(0)
    await expect.poll(async () => (await active()).length).toBe(0)
  })
})
