import { GovernanceError, type SupervisionSession } from '@preceptor/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { renewLease } from './renew-lease.ts'

const LEASE_MS = 30_000

describe('a lease that is renewed', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** A server whose clock is ahead, and that answers as it is told. */
  const held = (answer: () => void = () => undefined) => {
    const clockOffset = 90_000
    const [renewals, losses]: [number[], unknown[]] = [[], []]
    const end = renewLease({
      lapsesAt: Date.now() + LEASE_MS,
      clockOffset,
      renew: async () => {
        answer()
        renewals.push(Date.now())
        const supervisorLeaseExpiresAt = new Date(Date.now() + clockOffset + LEASE_MS).toISOString()
        return { supervisorLeaseExpiresAt } as SupervisionSession
      },
      onRenewed: () => undefined,
      onLost: (error) => losses.push(error),
    })
    return { renewals, losses, end }
  }

  it('is asked for every 10 s by the clock of the server, until it is ended', async () => {
    const { renewals, losses, end } = held()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(renewals).toHaveLength(6)
    end()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(renewals).toHaveLength(6)
    expect(losses).toEqual([])
  })

  it('is asked for again after a fault that passes, and is not taken again once it lapsed', async () => {
    let isAway = true
    const { renewals, losses } = held(() => {
      if (isAway) throw new GovernanceError('GOVERNOR_UNREACHABLE')
    })
    await vi.advanceTimersByTimeAsync(15_000)
    isAway = false
    await vi.advanceTimersByTimeAsync(1_000)
    expect(renewals).toHaveLength(1)
    isAway = true
    await vi.advanceTimersByTimeAsync(45_000)
    isAway = false
    await vi.advanceTimersByTimeAsync(60_000)
    expect(renewals).toHaveLength(1)
    expect(losses).toMatchObject([{ code: 'CONFLICT' }])
  })

  it('is lost when somebody else has it, and when the machine slept through its end', async () => {
    const taken = held(() => {
      throw new GovernanceError('CONFLICT')
    })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(taken.losses).toHaveLength(1)
    const slept = held()
    vi.setSystemTime(Date.now() + 3_600_000)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(slept).toMatchObject({ renewals: [], losses: [{ code: 'CONFLICT' }] })
  })
})
