import { setTimeout as sleep } from 'node:timers/promises'
import { type EventSubscription, GovernanceError, type JournalEntry } from '@preceptor/client'
import { describe, expect, it, vi } from 'vitest'
import { eventStream, type StreamTiming } from './event-stream.ts'

const TIMING: StreamTiming = { keepAliveMs: 10_000, recheckMs: 10_000, stallMs: 60_000 }

const entry = (sequence: number): JournalEntry => ({
  id: `jrn_${sequence}`,
  sequence,
  kind: 'agent.changed',
  subjectId: 'bot',
  agent: 'bot',
  body: { text: 'one\nline' },
  recordedAt: '2026-01-02T03:04:05.000Z',
  hash: 'h',
})

interface Parts {
  readonly count?: number
  readonly timing?: Partial<StreamTiming>
  readonly assertStanding?: () => Promise<void>
  readonly fault?: Error
}

/** A stream of so many entries, after which the subscription waits, or fails. */
function open({ count = 0, timing = {}, assertStanding = async () => undefined, fault }: Parts) {
  const controller = new AbortController()
  const seen = { taken: 0, closed: false }
  const subscription: EventSubscription = {
    position: 7,
    async *[Symbol.asyncIterator]() {
      try {
        while (seen.taken < count) {
          seen.taken += 1
          yield entry(7 + seen.taken)
        }
        if (fault !== undefined) throw fault
        await sleep(60_000, undefined, { signal: controller.signal }).catch(() => undefined)
      } finally {
        seen.closed = true
      }
    },
  }
  const [onEnd, onFault] = [vi.fn(), vi.fn()]
  const stream = eventStream({
    subscription,
    controller,
    timing: { ...TIMING, ...timing },
    assertStanding,
    onEnd,
    onFault,
  })
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  const read = async (): Promise<string | undefined> => (await reader.read()).value
  return { reader, read, seen, onEnd, onFault, controller }
}

describe('a stream of events', () => {
  it('begins with its position and goes on with one frame for each entry', async () => {
    const { read, reader, onEnd, seen } = open({ count: 2 })
    expect(await read()).toBe('id: 7\n\n')
    expect(await read()).toBe(`id: 8\nevent: agent.changed\ndata: ${JSON.stringify(entry(8))}\n\n`)
    expect(await read()).toContain('id: 9\n')
    await reader.cancel()
    await vi.waitFor(() => expect([onEnd.mock.calls.length, seen.closed]).toEqual([1, true]))
  })

  it('says that it lives while nothing happens', async () => {
    const { read, reader } = open({ timing: { keepAliveMs: 20 } })
    await read()
    for (const _ of [1, 2, 3]) expect(await read()).toBe(': keep-alive\n\n')
    await reader.cancel()
  })

  it('reads ahead no further than its reader asks', async () => {
    const { read, reader, seen } = open({ count: 1_000 })
    for (const _ of [1, 2, 3]) await read()
    await sleep(50)
    expect(seen.taken).toBeLessThan(6)
    await reader.cancel()
  })

  it('ends when the credential no longer stands, and sends nothing more [I-35]', async () => {
    let stands = true
    const assertStanding = async (): Promise<void> => {
      if (!stands) throw new GovernanceError('CREDENTIAL_INVALID')
    }
    const { read, onEnd, seen } = open({ timing: { recheckMs: 10 }, assertStanding })
    await read()
    const next = read()
    await sleep(50)
    stands = false
    expect(await next).toBeUndefined()
    await vi.waitFor(() => expect([onEnd.mock.calls.length, seen.closed]).toEqual([1, true]))
  })

  it('outlives looks that fail because the store is away, but not for long [I-35]', async () => {
    const fault = new GovernanceError('STORE_UNAVAILABLE')
    let looks = 0
    const { read, onEnd } = open({
      timing: { recheckMs: 80, keepAliveMs: 10 },
      assertStanding: async () => {
        looks += 1
        if (looks !== 2) throw fault
      },
    })
    const since = performance.now()
    while ((await read()) !== undefined) expect(looks).toBeLessThan(20)
    expect(looks).toBeGreaterThan(2)
    expect(performance.now() - since).toBeGreaterThan(2 * 80 + 80)
    expect(onEnd).toHaveBeenCalledOnce()
  })

  it('gives up a reader that takes nothing', async () => {
    const { read, onEnd, seen } = open({ count: 1_000, timing: { recheckMs: 10, stallMs: 40 } })
    for (const _ of [1, 2, 3]) await read()
    await vi.waitFor(() => expect([onEnd.mock.calls.length, seen.closed]).toEqual([1, true]))
  })

  it('gives up a reader that took signs of life and takes nothing more, also while nothing happens', async () => {
    const { read, onEnd, seen } = open({ timing: { recheckMs: 10, stallMs: 80, keepAliveMs: 20 } })
    expect([await read(), await read()]).toEqual(['id: 7\n\n', ': keep-alive\n\n'])
    await vi.waitFor(() => expect([onEnd.mock.calls.length, seen.closed]).toEqual([1, true]))
  })

  it('ends when the subscription fails, and says why to the host only', async () => {
    const fault = new Error('the store is away')
    const { read, onEnd, onFault } = open({ count: 1, fault })
    await read()
    await read()
    expect(await read()).toBeUndefined()
    expect(onFault).toHaveBeenCalledExactlyOnceWith(fault)
    expect(onEnd).toHaveBeenCalledOnce()
  })
})
