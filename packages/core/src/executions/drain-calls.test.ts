import { describe, expect, it } from 'vitest'
import { drainCalls } from './drain-calls.ts'
import { createRunningCalls, type RunningCall } from './running-calls.ts'

const call: RunningCall = { workspace: 'default', agents: ['ann'], epochs: [], sessionId: null }
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

describe('the end of a process', () => {
  it('waits for what runs, then lets nothing begin, and leaves no timer', async () => {
    const before = timers()
    const running = createRunningCalls()
    const ann = running.add(call)
    const drained = drainCalls(running, 60_000)
    ann.remove()
    await drained
    expect(ann.abortable.signal.aborted).toBe(false)
    expect(running.add(call).abortable.signal.reason).toMatchObject({ code: 'GOVERNOR_CLOSED' })
    expect(timers()).toBe(before)
  })

  it('aborts what lasts longer, and waits a moment for it to end', async () => {
    const running = createRunningCalls()
    const ann = running.add(call)
    let ended = false
    ann.abortable.signal.addEventListener('abort', () => {
      setTimeout(() => {
        ended = true
        ann.remove()
      }, 50)
    })
    await drainCalls(running, 20)
    expect(ann.abortable.signal.reason).toMatchObject({ code: 'GOVERNOR_CLOSED' })
    expect(ended).toBe(true)
  })

  it('leaves what ignores its signal', async () => {
    const running = createRunningCalls()
    running.add(call)
    await drainCalls(running, 5)
    expect(running.list()).toEqual([call])
  })
})
