import type { Failpoint, FailpointName } from '../context.ts'

/** A place at which the next one that comes by is held. */
export interface Parking {
  /** Resolves once somebody is held there. */
  readonly reached: Promise<void>
  /** Lets it go on. */
  release(): void
}

/** Fail points that a test sets off by name; for `options.testing` of a governor in the same process. */
export interface Failpoints {
  readonly failpoint: Failpoint
  /** Holds the next one that comes by. */
  park(name: FailpointName): Parking
  /** Throws at the next one that comes by. */
  throwAt(name: FailpointName, error: Error): void
}

/**
 * Makes fail points that do nothing until one is set off; each is met once.
 *
 * @example
 * ```ts
 * import { createFailpoints, createTestGovernor } from '@preceptor/core/testing'
 *
 * const failpoints = createFailpoints()
 * const test = await createTestGovernor({ testing: failpoints })
 * failpoints.throwAt('record.before_commit', new Error('The disk is full.'))
 * await test.close()
 * ```
 */
export function createFailpoints(): Failpoints {
  const orders = new Map<FailpointName, () => Promise<void>>()
  return {
    async failpoint(name) {
      const order = orders.get(name)
      orders.delete(name)
      await order?.()
    },
    park(name) {
      let arrive = (): void => undefined
      let release = (): void => undefined
      const reached = new Promise<void>((resolve) => {
        arrive = resolve
      })
      const released = new Promise<void>((resolve) => {
        release = resolve
      })
      orders.set(name, () => {
        arrive()
        return released
      })
      return { reached, release }
    },
    throwAt: (name, error) => void orders.set(name, () => Promise.reject(error)),
  }
}
