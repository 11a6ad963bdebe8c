import { AIMessage, HumanMessage, ToolMessage } from '@langchain/core/messages'
import { describe, expect, it } from 'vitest'
import { attemptKey, callKey, runOf } from './attempt.ts'

const state = {
  messages: [
    new HumanMessage({ id: 'human-1', content: 'refund' }),
    new AIMessage({ id: 'ai-1', content: '' }),
    new ToolMessage({ id: 'tool-1', content: 'refunded', tool_call_id: 'call-1' }),
  ],
}
const inThread = { state, configurable: { thread_id: 't', checkpoint_ns: 'tools:1' } }

describe('the key of a call', () => {
  it('is the same whatever the order of the args', () => {
    const key = callKey(inThread, 'call-1', { a: 1, b: { c: 2, d: [3] } })
    expect(callKey(inThread, 'call-1', { b: { d: [3], c: 2 }, a: 1 })).toEqual(key)
    expect(key.idempotencyKey).toMatch(/^langchain-[0-9a-f]{64}$/)
  })

  it.each([
    ['thread', { ...inThread, configurable: { thread_id: 'u', checkpoint_ns: 'tools:1' } }, 'call-1', { a: 1 }],
    ['message', { ...inThread, state: { messages: [new AIMessage({ id: 'ai-2', content: '' })] } }, 'call-1', { a: 1 }],
    ['call', inThread, 'call-2', { a: 1 }],
    ['args', inThread, 'call-1', { a: '1' }],
    [
      'calling task',
      { ...inThread, configurable: { thread_id: 't', checkpoint_ns: 'tools:0|tools:1' } },
      'call-1',
      { a: 1 },
    ],
  ])('is another one for another %s', (_part, site, call, args) => {
    expect(callKey(site, call, args)).not.toEqual(callKey(inThread, 'call-1', { a: 1 }))
  })

  it('in a thread is the same for another task of the graph, which a resume makes', () => {
    const resumed = { state, configurable: { thread_id: 't', checkpoint_ns: 'tools:2' } }
    expect(callKey(resumed, 'call-1', {})).toEqual(callKey(inThread, 'call-1', {}))
  })

  it('without a thread belongs to its task alone', () => {
    const one = callKey({ state, configurable: { checkpoint_ns: 'tools:1' } }, 'call-1', {})
    const other = callKey({ state, configurable: { checkpoint_ns: 'tools:2' } }, 'call-1', {})
    expect(one).not.toEqual(other)
  })

  it.each([
    ['no call', inThread, undefined],
    ['neither thread nor task', { state }, 'call-1'],
    ['neither message nor task', { configurable: { thread_id: 't' } }, 'call-1'],
  ])('does not exist where there is %s', (_what, site, call) => {
    expect(callKey(site, call, {})).toEqual({})
  })

  it('keeps parts apart whatever they hold', () => {
    expect(attemptKey(['a', 'b,c'])).not.toEqual(attemptKey(['a,b', 'c']))
    expect(attemptKey(['a"', 'b'])).not.toEqual(attemptKey(['a', '"b']))
    expect(attemptKey([['a'], 'b'])).not.toEqual(attemptKey([['a', 'b']]))
    expect(attemptKey([JSON.parse('{"__proto__":1}')])).not.toEqual(attemptKey([{}]))
  })
})

describe('the id of a run', () => {
  it('is that of its latest question, whatever was answered since', () => {
    expect(runOf(inThread)).toBe('langchain-human-1')
    expect(
      runOf({
        ...inThread,
        state: { messages: [...state.messages, new HumanMessage({ id: 'human-2', content: '' })] },
      }),
    ).toBe('langchain-human-2')
  })

  it('is that of the thread where there is no question, and none where there is neither', () => {
    expect(runOf({ configurable: { thread_id: 't' } })).toBe('langchain-t')
    expect(runOf({ state: 'nothing' })).toBeUndefined()
    expect(runOf({})).toBeUndefined()
  })

  it('is short, and another one for another long id', () => {
    const runs = ['a', 'b'].map((end) => runOf({ configurable: { thread_id: `${'x'.repeat(500)}${end}` } }))
    expect(runs[0]).not.toBe(runs[1])
    expect(runs.every((run) => run !== undefined && run.length <= 200)).toBe(true)
  })
})
