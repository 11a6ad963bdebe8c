import type { StoredOutcome } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { outcomeShown, type RunEnd, shownBy } from './shown-run.ts'

const succeeded: StoredOutcome = { status: 'succeeded', value: 1, stored: true }
const failed: StoredOutcome = { status: 'failed', message: 'no' }
const broken: StoredOutcome = { ...failed, infrastructure: true }
const released = { status: 'released' } as const
const beganAt = '2026-01-01T00:00:00.000Z'

describe('what the end of a run shows [MAT-10]', () => {
  it.each<
    [what: string, end: RunEnd['end'], seen: ReturnType<typeof outcomeShown>, told: ReturnType<typeof outcomeShown>]
  >([
    ['a success', succeeded, 'succeeded', null],
    ['a failure', failed, 'failed', 'failed'],
    ['a failure around it', broken, 'infrastructure_failed', 'failed'],
    ['what was given back', released, null, null],
  ])('of %s', (_what, end, seen, told) => {
    expect(outcomeShown({ end, isSelfReported: false })).toBe(seen)
    // What the agent says itself never speaks for it.
    expect(outcomeShown({ end, isSelfReported: true })).toBe(told)
  })

  it('counts where it was claimed to count, unless it speaks neither for nor against', () => {
    const row = { earns: 'refund', claimedAt: beganAt }
    const shown = (end: RunEnd['end']): unknown => shownBy({ end, isSelfReported: false }, row)
    expect(shown(succeeded)).toEqual({ capability: 'refund', outcome: 'succeeded', beganAt })
    expect(shown(failed)).toEqual({ capability: 'refund', outcome: 'failed', beganAt })
    expect(shown(broken)).toBeNull()
    expect(shown(released)).toBeNull()
    expect(shownBy({ end: succeeded, isSelfReported: false }, { ...row, earns: null })).toBeNull()
  })
})
