import type { Identity } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { createIdentityCache } from './identity-cache.ts'

const identity = (credential: string): Identity => ({
  workspace: 'default',
  principal: { kind: 'user', id: 'ana', roles: [], credential },
})

function openCache() {
  let now = 0
  let reads = 0
  const cache = createIdentityCache({ monotonic: () => now })
  const get = (hash: string, found: () => Promise<Identity> = async () => identity(`key of ${hash}`)) =>
    cache.get(hash, () => {
      reads += 1
      return found()
    })
  return {
    cache,
    get,
    reads: () => reads,
    at: (time: number) => {
      now = time
    },
  }
}

describe('the cache of identities [AUTH-2]', () => {
  it('reads once in a second, counted from when the read was sent', async () => {
    const { get, reads, at } = openCache()
    expect(await get('a')).toEqual(identity('key of a'))
    at(999)
    await get('a')
    expect(reads()).toBe(1)
    at(1_000)
    await get('a')
    expect(reads()).toBe(2)
  })

  it('shares a read that is under way, and keeps each credential apart', async () => {
    const { get, reads } = openCache()
    const [one, other] = await Promise.all([get('a'), get('a'), get('b')])
    expect(one).toBe(other)
    expect(reads()).toBe(2)
  })

  it('remembers nothing of a read that failed', async () => {
    const { get, reads } = openCache()
    await expect(get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away')
    expect(await get('a')).toEqual(identity('key of a'))
    expect(reads()).toBe(2)
  })

  it('keeps what was read anew after a failure that came late', async () => {
    const { get, reads, at } = openCache()
    let fail: (error: Error) => void = () => undefined
    const late = get(
      'a',
      () =>
        new Promise((_resolve, reject) => {
          fail = reject
        }),
    )
    at(1_000)
    await get('a')
    fail(new Error('away'))
    await expect(late).rejects.toThrow('away')
    await get('a')
    expect(reads()).toBe(2)
  })

  it('forgets the credential that was revoked, and what was still being read', async () => {
    const { cache, get, reads } = openCache()
    await get('a')
    await get('b')
    cache.forget('key of a')
    await get('b')
    expect(reads()).toBe(2)
    await get('a')
    expect(reads()).toBe(3)
    const under = get('c', async () => identity('key of c'))
    cache.forget('key of x')
    await under
    await get('c')
    expect(reads()).toBe(5)
  })

  it('holds 10,000 at most, and lets the oldest go', async () => {
    const { get, reads } = openCache()
    for (let index = 0; index <= 10_000; index += 1) await get(`hash ${index}`)
    const before = reads()
    await get('hash 1')
    await get('hash 10000')
    expect(reads()).toBe(before)
    await get('hash 0')
    expect(reads()).toBe(before + 1)
  })
})
