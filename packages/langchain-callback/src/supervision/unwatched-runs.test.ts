import { AIMessage, HumanMessage } from '@langchain/core/messages'
import type { Decision, Governor } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { beginUnwatched, mayBeWatched, watchFor } from './unwatched-runs.ts'

const BEGINNING = { state: { messages: [new HumanMessage('Refund it.')] } }
const gateOf = () => ({ governor: {} as Governor, options: { agent: 'bot' } })
const decided = (route: Decision['route']) => ({
  decide: async () => ({ route }) as Decision,
  of: (is: Decision) => is,
})

describe('a run', () => {
  it('that was seen from its beginning, and let run freely, has no session', async () => {
    const gate = gateOf()
    beginUnwatched(gate, 'run-1', BEGINNING)
    await watchFor(gate, 'run-1', decided('execution'))
    expect(mayBeWatched(gate, 'run-1')).toBe(false)
    // It has ended: whoever goes on with it begins anew.
    expect(mayBeWatched(gate, 'run-1')).toBe(true)
  })

  it.each(['supervision', 'queue', 'proposal', 'training', 'denied'] as const)(
    'may have one after a call that was decided as %s, whatever ran beside it',
    async (route) => {
      const gate = gateOf()
      beginUnwatched(gate, 'run-1', BEGINNING)
      await Promise.all([
        watchFor(gate, 'run-1', decided('execution')),
        watchFor(gate, 'run-1', decided(route)),
        watchFor(gate, 'run-1', decided('execution')),
      ])
      expect(mayBeWatched(gate, 'run-1')).toBe(true)
    },
  )

  it('may have one where a call failed, where its beginning was not seen, and at another gate', async () => {
    const gate = gateOf()
    beginUnwatched(gate, 'run-1', BEGINNING)
    const broken = { decide: () => Promise.reject(new Error('lost')), of: (is: Decision) => is }
    await expect(watchFor(gate, 'run-1', broken)).rejects.toThrow('lost')
    expect(mayBeWatched(gate, 'run-1')).toBe(true)
    await watchFor(gate, 'run-2', decided('execution'))
    expect(mayBeWatched(gate, 'run-2')).toBe(true)
    const goesOn = { state: { messages: [...BEGINNING.state.messages, new AIMessage('I will.')] } }
    beginUnwatched(gate, 'run-2', goesOn)
    expect(mayBeWatched(gate, 'run-2')).toBe(true)
    beginUnwatched(gate, 'run-3', BEGINNING)
    expect(mayBeWatched(gateOf(), 'run-3')).toBe(true)
  })
})
