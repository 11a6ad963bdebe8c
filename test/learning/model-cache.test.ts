import type { ChatModel } from '@preceptor/core'
import { createModelCache, openTrainerParts } from '@preceptor/learning'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { modelAt } from './models.ts'
import { type Rule, type RuleServer, startRuleServer } from './rule-server.ts'

const echo: Rule = { name: 'echo', when: () => true, answer: ({ user }) => `You said ${user}` }

let server: RuleServer
let model: ChatModel
beforeAll(async () => {
  server = await startRuleServer({ rules: [echo] })
  model = modelAt(server)
})
afterEach(() => {
  server.setOutage(null)
  server.setLatency(0)
  server.setRules([echo])
  server.forgetCalls()
})
afterAll(() => server?.close())

const ask = (cached: ChatModel, content: string, signal?: AbortSignal): Promise<unknown> =>
  cached.invoke([{ role: 'user', content }], signal === undefined ? undefined : { signal })
const workspace = 'default'

describe('a cache of model calls', () => {
  it('asks once for equal calls, and counts', async () => {
    const cache = createModelCache()
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 0, hitRate: null })
    const cached = cache.wrap(model, { workspace })
    expect(await ask(cached, 'a')).toMatchObject({ content: 'You said a' })
    expect(await ask(cached, 'a')).toBe('You said a')
    expect(server.calls).toHaveLength(1)
    expect(cache.stats()).toEqual({ hits: 1, misses: 1, joined: 0, entries: 1, bytes: 10, hitRate: 0.5 })
    cache.clear()
    await ask(cached, 'a')
    expect(server.calls).toHaveLength(2)
  })

  it('keeps apart what differs in workspace, name, options, role or text', async () => {
    const cache = createModelCache()
    const wraps = [
      { workspace },
      { workspace: 'other' },
      { workspace, name: 'another' },
      { workspace, options: { heat: 0.1, top: [1, 2] } },
      { workspace, options: { heat: 0.1, top: [2, 1] } },
    ]
    for (const options of wraps) await ask(cache.wrap(model, options), 'a')
    await cache.wrap(model, { workspace }).invoke([{ role: 'system', content: 'a' }])
    await ask(cache.wrap(model, { workspace }), 'b')
    expect(cache.stats()).toMatchObject({ hits: 0, misses: 7 })
    await ask(cache.wrap(model, { workspace, options: { top: [1, 2], heat: 0.1 } }), 'a')
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 7 })
  })

  it('lets equal calls under way share one', async () => {
    const cache = createModelCache()
    server.setLatency(50)
    const cached = cache.wrap(model, { workspace })
    await Promise.all([ask(cached, 'a'), ask(cached, 'a'), ask(cached, 'a'), ask(cached, 'b')])
    expect(server.calls).toHaveLength(2)
    expect(cache.stats()).toMatchObject({ misses: 2, joined: 2, hits: 0, hitRate: 0.5 })
  })

  it('keeps no failure: all who joined are told, and the next call asks again', async () => {
    const cache = createModelCache()
    server.setOutage(503)
    const cached = cache.wrap(model, { workspace })
    const asked = await Promise.allSettled([ask(cached, 'a'), ask(cached, 'a')])
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(server.calls).toHaveLength(1)
    server.setOutage(null)
    expect(await ask(cached, 'a')).toMatchObject({ content: 'You said a' })
    expect(cache.stats()).toMatchObject({ misses: 2, entries: 1 })
  })

  it('keeps no empty answer', async () => {
    const cache = createModelCache()
    server.setRules([{ ...echo, answer: () => '  ' }])
    const cached = cache.wrap(model, { workspace })
    await ask(cached, 'a')
    await ask(cached, 'a')
    expect(cache.stats()).toMatchObject({ misses: 2, entries: 0 })
  })

  it('drops what was used longest ago, by number and by bytes', async () => {
    const cache = createModelCache({ maxEntries: 2 })
    const cached = cache.wrap(model, { workspace })
    for (const content of ['a', 'b', 'a', 'c', 'a', 'b']) await ask(cached, content)
    expect(server.calls.map(({ prompt }) => prompt.user)).toEqual(['a', 'b', 'c', 'b'])
    const small = createModelCache({ maxBytes: 25 })
    const bounded = small.wrap(model, { workspace })
    for (const content of ['a', 'b', 'c', 'long'.repeat(10)]) await ask(bounded, content)
    expect(small.stats()).toMatchObject({ entries: 2, bytes: 20 })
  })

  it('lets one who joined go without ending the call of the others', async () => {
    const cache = createModelCache()
    server.setLatency(100)
    const cached = cache.wrap(model, { workspace })
    const leaving = new AbortController()
    const gone = ask(cached, 'a', leaving.signal)
    const staying = ask(cached, 'a')
    leaving.abort()
    await expect(gone).rejects.toThrow('ended the call')
    expect(await staying).toMatchObject({ content: 'You said a' })
    expect(server.calls).toHaveLength(1)
  })

  it('ends a call that nobody waits for any more, and asks anew for the next one', async () => {
    const cache = createModelCache()
    let ended: AbortSignal | undefined
    const watched: ChatModel = {
      name: 'watched',
      invoke: (messages, options) => {
        ended ??= options?.signal
        return model.invoke(messages, options)
      },
    }
    server.setLatency(100)
    const leaving = new AbortController()
    const cached = cache.wrap(watched, { workspace })
    const gone = ask(cached, 'a', leaving.signal)
    await expect.poll(() => server.calls.length).toBe(1)
    leaving.abort()
    await expect(gone).rejects.toThrow()
    expect(ended?.aborted).toBe(true)
    expect(await ask(cached, 'a')).toMatchObject({ content: 'You said a' })
    expect(server.calls).toHaveLength(2)
  })

  it('refuses bounds that are none, and a model without a name', () => {
    const refused = expect.objectContaining({ code: 'OPTION_INVALID' })
    for (const wrong of [0, 1.5, -1, Number.NaN]) {
      expect(() => createModelCache({ maxEntries: wrong })).toThrow(refused)
      expect(() => createModelCache({ maxBytes: wrong })).toThrow(refused)
    }
    expect(() => createModelCache().wrap({ invoke: async () => 'a' }, { workspace })).toThrow(refused)
  })
})

describe('the trainer', () => {
  const call = { workspace, agentType: 'generic', format: 'conversation' }
  const work = { original: 'No.', correction: 'Yes.' }

  it('answers equal calls from its cache unless it is told not to', async () => {
    const parts = openTrainerParts({ improver: model })
    for (const one of [call, call, { ...call, useCache: false }, { ...call, workspace: 'other' }]) {
      expect(await parts.improve(one, work)).toMatchObject({ state: 'improved', improvedBy: 'model:scripted' })
    }
    expect(server.calls).toHaveLength(3)
    expect(parts.cache?.stats()).toMatchObject({ hits: 1, misses: 2 })
    expect(openTrainerParts({ cache: false }).cache).toBeNull()
  })

  it.each([
    { timeoutMs: 0 },
    { longestAnswer: 0 },
    { checkShare: 0.6 },
    { improver: 'gpt' },
    { cache: { maxBytes: 0 } },
  ])('refuses %o', (options) => {
    const wrong: object = options
    expect(() => openTrainerParts(wrong)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }))
  })
})
