import { GovernanceError } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { hasChanged } from './has-changed.ts'
import { createRunningCalls, type RunningCall } from './running-calls.ts'

const call = (agent: string): RunningCall => ({ workspace: 'default', agents: [agent], epochs: [], sessionId: null })
const reason = new GovernanceError('STOPPED')

describe('the register of running calls', () => {
  it('aborts those that match and leaves the others alone [I-13, STOP-1]', () => {
    const running = createRunningCalls()
    const [ann, ben] = [running.add(call('ann')), running.add(call('ben'))]
    expect(running.list().map(({ agents }) => agents[0])).toEqual(['ann', 'ben'])
    running.abort(({ agents }) => agents.includes('ben'), reason)
    expect(ann.abortable.signal.aborted).toBe(false)
    expect(ben.abortable.signal.reason).toBe(reason)
    ben.remove()
    expect(running.list()).toHaveLength(1)
  })

  it('tells everybody who waits once nothing runs any more', async () => {
    const running = createRunningCalls()
    await running.idle()
    const [ann, ben] = [running.add(call('ann')), running.add(call('ben'))]
    const told: string[] = []
    const waits = ['first', 'second'].map((name) => running.idle().then(() => told.push(name)))
    ann.remove()
    await Promise.resolve()
    expect(told).toEqual([])
    ben.remove()
    await Promise.all(waits)
    expect(told).toEqual(['first', 'second'])
    running.add(call('cid')).remove()
  })

  it('lets nothing begin once it refuses', () => {
    const running = createRunningCalls()
    const before = running.add(call('ann'))
    running.refuse(reason)
    expect(before.abortable.signal.aborted).toBe(false)
    expect(running.add(call('ben')).abortable.signal.reason).toBe(reason)
  })
})

describe('what a run rests on', () => {
  const now = (agent: string, epoch: number) => ({ id: agent, epoch }) as Parameters<typeof hasChanged>[1][number]
  it.each<[what: string, before: Parameters<typeof hasChanged>[0], facts: Parameters<typeof hasChanged>[1], boolean]>([
    ['nothing', [], [now('ann', 1)], false],
    ['one agent that is as it was', [{ agent: 'ann', epoch: 1 }], [now('ann', 1)], false],
    ['one agent that changed', [{ agent: 'ann', epoch: 1 }], [now('ann', 2)], true],
    ['an agent that is gone', [{ agent: 'ann', epoch: 1 }], [now('ben', 1)], true],
    [
      'two agents, the second of which changed',
      [
        { agent: 'ann', epoch: 1 },
        { agent: 'ben', epoch: 4 },
      ],
      [now('ben', 5), now('ann', 1)],
      true,
    ],
  ])('%s [I-10, I-13]', (_what, before, facts, expected) => {
    expect(hasChanged(before, facts)).toBe(expected)
  })
})
