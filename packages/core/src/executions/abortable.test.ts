import { describe, expect, it } from 'vitest'
import { Abortable } from './abortable.ts'

const stopped = new Error('It was stopped.')
const gone = new Error('The host went away.')

describe('what a run is aborted by', () => {
  it('tells the signal that is asked for before, and the one that is asked for after', () => {
    const [before, after] = [new Abortable(), new Abortable()]
    const { signal } = before
    for (const abortable of [before, after]) {
      abortable.abort(stopped)
      abortable.abort(gone)
      expect([abortable.aborted, abortable.reason]).toEqual([true, stopped])
    }
    expect([signal.reason, after.signal.reason]).toEqual([stopped, stopped])
    expect(before.signal).toBe(signal)
  })

  it('follows its host until it is released', () => {
    const [host, other] = [new AbortController(), new AbortController()]
    const [followed, released] = [new Abortable(), new Abortable()]
    followed.follow(host.signal)
    released.follow(other.signal)
    released.release()
    host.abort(gone)
    other.abort(gone)
    expect([followed.reason, released.aborted]).toEqual([gone, false])
    const late = new Abortable()
    late.follow(host.signal)
    expect(late.reason).toBe(gone)
  })

  it('asks a host for its signal once somebody asks for its own, and again where the host failed', () => {
    const host = new AbortController()
    let asked = 0
    const abortable = new Abortable()
    abortable.followOnceAsked(() => {
      asked += 1
      if (asked === 1) throw gone
      return host.signal
    })
    expect(asked).toBe(0)
    expect(() => abortable.signal).toThrow(gone)
    const { signal } = abortable
    host.abort(gone)
    expect([signal.reason, abortable.aborted, asked]).toEqual([gone, true, 2])
  })
})
