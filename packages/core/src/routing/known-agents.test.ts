import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KnownAgents } from './known-agents.ts'

const TTL_MS = 100

describe('what a process knows of agents', () => {
  it('is no more than what was read within the time for which it is used, and twice as many as came since [CACHE-2]', () => {
    const agents = new KnownAgents<{ readAt: number }>()
    for (let readAt = 0; readAt < 1_000; readAt += 1) agents.set(`agent-${readAt}`, { readAt }, readAt - TTL_MS)
    expect(agents.size).toBe(TTL_MS + 1)
    for (let readAt = 2_000; readAt < 2_060; readAt += 1) agents.set('one', { readAt }, readAt - TTL_MS)
    expect(agents.size).toBe(1)
  })

  it('is never without what may still be used [CACHE-2]', () => {
    const step = fc.record({ id: fc.nat(20).map(String), after: fc.nat(60), leaves: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const agents = new KnownAgents<{ readAt: number }>()
        const model = new Map<string, number>()
        let now = 0
        for (const { id, after, leaves } of steps) {
          now += after
          if (leaves) {
            agents.delete(id)
            model.delete(id)
          } else {
            agents.set(id, { readAt: now }, now - TTL_MS)
            model.set(id, now)
          }
          for (const [known, readAt] of model) if (readAt >= now - TTL_MS) expect(agents.get(known)).toEqual({ readAt })
        }
      }),
    )
  })
})
