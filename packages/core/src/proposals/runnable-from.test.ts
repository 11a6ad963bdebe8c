import { describe, expect, it } from 'vitest'
import { EXPIRES_AT, NOW } from './bound-proposal.test.helper.ts'
import { runnableFrom } from './runnable-from.ts'

const HOUR = 3_600_000
const from = (waitMs: number): string | null =>
  runnableFrom({ id: 'prp_1', expiresAt: EXPIRES_AT }, { waitMs, now: NOW })

describe('what is approved now', () => {
  it('may run at once, or after its wait', () => {
    expect(from(0)).toBeNull()
    expect(from(1)).toBe('2026-01-01T00:00:00.001Z')
    expect(from(HOUR - 1)).toBe('2026-01-01T00:59:59.999Z')
  })

  it('is refused where it would expire before', () => {
    for (const waitMs of [HOUR, HOUR + 1]) {
      expect(() => from(waitMs)).toThrow(expect.objectContaining({ code: 'CONFLICT', hint: 'Extend it first.' }))
    }
  })
})
