import { type Clock, systemClock } from '../kernel/clock.ts'

/** A clock for tests, which can be put forward and back. */
export interface TestClock extends Clock {
  /** Lets so many milliseconds pass at once, on both of its scales. */
  advance(milliseconds: number): void
  /** Puts the time of day forward, or back with a negative number, as an administrator of the machine would. */
  jump(milliseconds: number): void
}

/**
 * Makes a clock that runs with that of the machine, or, with `at` (milliseconds since the epoch), one that stands still
 * until it is put forward. A governor on a clock that stands keeps its lease for ever and waits for nobody.
 *
 * @example
 * ```ts
 * import { createTestClock, createTestGovernor } from '@preceptor/core/testing'
 *
 * const clock = createTestClock()
 * const test = await createTestGovernor({ clock })
 * clock.advance(24 * 3_600_000)
 * await test.close()
 * ```
 */
export function createTestClock(options: { readonly at?: number } = {}): TestClock {
  const { at } = options
  let passed = 0
  let jumped = 0
  return {
    now: () => (at ?? Math.floor(systemClock.now())) + passed + jumped,
    monotonic: () => (at === undefined ? systemClock.monotonic() : 0) + passed,
    advance(milliseconds) {
      passed += Math.max(0, milliseconds)
    },
    jump(milliseconds) {
      jumped += milliseconds
    },
  }
}
