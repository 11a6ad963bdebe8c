import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { followActivity } from './activity.ts'

describe('the activity of a person', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const page = (isVisible = () => true) => {
    const target = new EventTarget()
    const told: number[] = []
    const tell = async (): Promise<void> => void told.push(Date.now())
    const end = followActivity({ tell, target, isVisible })
    return { told, end, act: (kind = 'keydown') => void target.dispatchEvent(new Event(kind)) }
  }

  it('is told at once, then every 30 s in which there is any, and never for nobody', () => {
    const { told, act, end } = page()
    vi.advanceTimersByTime(120_000)
    expect(told).toHaveLength(0)
    act()
    expect(told).toHaveLength(1)
    for (let seconds = 0; seconds < 90; seconds += 1) {
      act('pointermove')
      vi.advanceTimersByTime(1_000)
    }
    expect(told).toHaveLength(4)
    vi.advanceTimersByTime(600_000)
    const before = told.length
    vi.advanceTimersByTime(600_000)
    expect(told).toHaveLength(before)
    act('wheel')
    expect(told).toHaveLength(before + 1)
    end()
    act()
    vi.advanceTimersByTime(60_000)
    expect(told).toHaveLength(before + 1)
  })

  it('is none while the page is out of sight, and goes on after a heartbeat that was lost', () => {
    let isSeen = false
    const { told, act, end } = page(() => isSeen)
    act()
    expect(told).toHaveLength(0)
    isSeen = true
    act()
    expect(told).toHaveLength(1)
    end()
  })
})
