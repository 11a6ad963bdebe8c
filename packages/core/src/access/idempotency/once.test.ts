import { createHash } from 'node:crypto'
import { GovernanceError, type Identity, type OnceRequest, type StoredAnswer } from '@preceptor/client'
import { describeWithPostgres, useTestDatabase } from '@preceptor/test-setup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGovernor, type EmbeddedGovernor } from '../../governor.ts'
import type { GovernorOptions } from '../../options.ts'

const START = 1_800_000_000_000
const HOUR = 3_600_000

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const identity = (id = 'ana', workspace = 'default'): Identity => ({
  workspace,
  principal: { kind: 'user', id, roles: ['admin'] },
})

let keys = 0
const request = (more: Partial<OnceRequest> = {}): OnceRequest => {
  keys += 1
  return { identity: identity(), operation: 'agents.register', key: `key-${keys}`, requestHash: hash('a'), ...more }
}

interface Plane {
  readonly governor: EmbeddedGovernor
  readonly advance: (milliseconds: number) => void
  /** Makes the next answer fail to leave, as a crash after the commit does. */
  readonly loseNextReply: () => void
}

function open(options: () => GovernorOptions): Plane {
  let offset = 0
  let loses = false
  let governor: EmbeddedGovernor | undefined
  const clock = { now: () => START + offset, monotonic: () => performance.now() + offset }
  const failpoint = async (name: string): Promise<void> => {
    if (name !== 'reply.before_send' || !loses) return
    loses = false
    throw new Error('The process died.')
  }
  beforeAll(async () => {
    const testing = { failpoint }
    governor = await createGovernor({
      ...options(),
      workspaces: ['default', 'other'],
      clock,
      testing,
      report: () => undefined,
    })
  })
  afterAll(() => governor?.close())
  return {
    get governor() {
      if (governor === undefined) throw new Error('The governor is open inside tests only.')
      return governor
    },
    advance: (milliseconds) => {
      offset += milliseconds
    },
    loseNextReply: () => {
      loses = true
    },
  }
}

/** Work that counts how often it was done. */
function counted(answer: Partial<StoredAnswer> = {}): {
  readonly work: () => Promise<StoredAnswer>
  readonly times: () => number
} {
  let times = 0
  const work = async (): Promise<StoredAnswer> => {
    times += 1
    return { status: 201, body: { number: times }, ...answer }
  }
  return { work, times: () => times }
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T | Promise<T>) => void } {
  let resolve: (value: T | Promise<T>) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

function tests(plane: Plane): void {
  it('gives a repeat the stored answer, byte for byte, and does the work once [I-22]', async () => {
    const body = { z: 1, a: ['\u0000', 'ü', 1e21, -0.5, null], nested: { b: true } }
    const { work, times } = counted({ body })
    const same = request()
    const first = await plane.governor.once(same, work)
    const again = await plane.governor.once(same, work)
    expect(JSON.stringify(again)).toBe(JSON.stringify(first))
    expect(times()).toBe(1)
  })

  it('lets one of twenty at once through; the others hear that it is in flight [I-22]', async () => {
    const { work, times } = counted()
    const same = request()
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => plane.governor.once(same, work)))
    expect(times()).toBe(1)
    const answers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.body] : []))
    expect(answers.length).toBeGreaterThan(0)
    expect(new Set(answers.map((body) => JSON.stringify(body))).size).toBe(1)
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
    expect(new Set(refusals)).toEqual(refusals.length === 0 ? new Set() : new Set(['IDEMPOTENCY_IN_FLIGHT']))
  })

  it('refuses the same key for other content [I-22]', async () => {
    const { work, times } = counted()
    const same = request()
    await plane.governor.once(same, work)
    await expect(plane.governor.once({ ...same, requestHash: hash('b') }, work)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      status: 422,
    })
    expect(times()).toBe(1)
  })

  it('never stores a secret: a repeat is refused [I-22]', async () => {
    const { work, times } = counted({ body: { secret: 'pcp_x' }, secret: true })
    const same = request()
    expect((await plane.governor.once(same, work)).body).toEqual({ secret: 'pcp_x' })
    await expect(plane.governor.once(same, work)).rejects.toMatchObject({ code: 'IDEMPOTENCY_SECRET', status: 409 })
    expect(times()).toBe(1)
  })

  it('belongs to principal, operation and workspace [I-22, I-34]', async () => {
    const { work, times } = counted()
    const same = request()
    await plane.governor.once(same, work)
    await plane.governor.once({ ...same, identity: identity('bo') }, work)
    await plane.governor.once({ ...same, identity: identity('ana', 'other') }, work)
    await plane.governor.once({ ...same, operation: 'stops.set' }, work)
    const agent: Identity = { workspace: 'default', principal: { kind: 'agent', id: 'ana', roles: [] } }
    await plane.governor.once({ ...same, identity: agent }, work)
    expect(times()).toBe(5)
  })

  it('after work that failed the same request may try again [I-22]', async () => {
    const same = request()
    const fail = async (): Promise<StoredAnswer> => {
      throw new GovernanceError('STORE_UNAVAILABLE')
    }
    await expect(plane.governor.once(same, fail)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    const { work } = counted()
    expect((await plane.governor.once(same, work)).status).toBe(201)
  })

  it('gives the stored answer where the process died before it replied [I-22]', async () => {
    const { work, times } = counted()
    const same = request()
    plane.loseNextReply()
    await expect(plane.governor.once(same, work)).rejects.toThrow('The process died.')
    expect((await plane.governor.once(same, work)).body).toEqual({ number: 1 })
    expect(times()).toBe(1)
  })

  it('is taken over after 60 s from a call that never answered, by the same request only [I-22]', async () => {
    const same = request()
    const first = deferred<StoredAnswer>()
    const started = deferred<void>()
    const late = plane.governor.once(same, () => {
      started.resolve()
      return first.promise
    })
    await started.promise
    const { work, times } = counted({ body: { by: 'second' } })
    plane.advance(59_999)
    await expect(plane.governor.once(same, work)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_IN_FLIGHT',
      retryable: true,
    })
    plane.advance(1)
    await expect(plane.governor.once({ ...same, requestHash: hash('b') }, work)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    })
    expect((await plane.governor.once(same, work)).body).toEqual({ by: 'second' })
    // The first one comes back late: what stands is the answer of who took over.
    first.resolve({ status: 201, body: { by: 'first' } })
    await late
    expect((await plane.governor.once(same, work)).body).toEqual({ by: 'second' })
    expect(times()).toBe(1)
  })

  it('a call that was taken over neither answers nor gives up for the one that took over [I-22]', async () => {
    for (const fails of [false, true]) {
      const same = request()
      const calls = [deferred<StoredAnswer>(), deferred<StoredAnswer>()] as const
      const running = async (index: 0 | 1): Promise<{ readonly result: Promise<unknown> }> => {
        const started = deferred<void>()
        const result = plane.governor.once(same, () => {
          started.resolve()
          return calls[index].promise
        })
        await started.promise
        return { result: result.catch((error: unknown) => error) }
      }
      const late = await running(0)
      plane.advance(60_000)
      const second = await running(1)
      calls[0].resolve(fails ? Promise.reject(new GovernanceError('CONFLICT')) : { status: 201, body: { by: 'first' } })
      await late.result
      const { work, times } = counted()
      await expect(plane.governor.once(same, work)).rejects.toMatchObject({ code: 'IDEMPOTENCY_IN_FLIGHT' })
      calls[1].resolve({ status: 201, body: { by: 'second' } })
      await second.result
      expect((await plane.governor.once(same, work)).body).toEqual({ by: 'second' })
      expect(times()).toBe(0)
    }
  })

  it('is kept for 24 h, and free afterwards [I-22]', async () => {
    const { work, times } = counted()
    const same = request()
    await plane.governor.once(same, work)
    plane.advance(24 * HOUR - 1)
    await plane.governor.once(same, work)
    expect(times()).toBe(1)
    plane.advance(1)
    await plane.governor.once({ ...same, requestHash: hash('b') }, work)
    expect(times()).toBe(2)
  })

  it.each([
    ['an empty key', { key: '' }],
    ['a key of 201 characters', { key: 'k'.repeat(201) }],
    ['a hash that is none', { requestHash: 'abc' }],
  ])('refuses %s [I-22]', async (_name, wrong) => {
    const { work } = counted()
    await expect(plane.governor.once(request(wrong), work)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
}

describe('idempotency on pglite', () => tests(open(() => ({ memory: true }))))
describeWithPostgres('idempotency on postgres', () => {
  const server = useTestDatabase()
  tests(open(() => ({ database: server.url, migrate: true })))
})
