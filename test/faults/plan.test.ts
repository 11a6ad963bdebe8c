import { describe, expect, it } from 'vitest'
import { FAILPOINT_NAMES, type Order } from './failpoints.ts'
import { createOperations } from './operations.ts'
import { planOrders, planRound } from './plan.ts'
import { createRandom } from './random.ts'

function ordersOf(seed: number, count: number): Order[] {
  const orders = planOrders(seed)
  return Array.from({ length: count }, () => orders.next().value ?? expect.fail('There are no more.'))
}

function operationsOf(seed: number): unknown[] {
  const stream = createOperations(createRandom(seed, 'process'), planRound(seed, 0), 'p1')
  return Array.from({ length: 200 }, () => stream.next())
}

describe('the plan of a fault run', () => {
  it('follows from the seed alone', () => {
    expect(planRound(7, 3)).toEqual(planRound(7, 3))
    expect(ordersOf(7, 100)).toEqual(ordersOf(7, 100))
    expect(operationsOf(7)).toEqual(operationsOf(7))
    expect(planRound(7, 3)).not.toEqual(planRound(8, 3))
    expect(ordersOf(7, 100)).not.toEqual(ordersOf(8, 100))
    expect(operationsOf(7)).not.toEqual(operationsOf(8))
  })

  it('lets every fail point have every fault, and all of them equally often', () => {
    const orders = ordersOf(1, FAILPOINT_NAMES.length * 12)
    for (const name of FAILPOINT_NAMES) {
      const ofName = orders.filter(({ failpoint }) => failpoint === name)
      expect(ofName).toHaveLength(12)
      expect(new Set(ofName.map(({ action }) => action))).toEqual(new Set(['kill', 'throw', 'park', 'drop']))
    }
  })

  it('lets everything befall the processes that is meant to, over many rounds', () => {
    const kinds = Array.from({ length: 60 }, (_, index) => planRound(1, index).incidents.map(({ kind }) => kind)).flat()
    expect([...new Set(kinds)].sort()).toEqual(
      [
        'clock',
        'drop',
        'flush-redis',
        'freeze',
        'kill',
        'kill-redis',
        'latency',
        'stall',
        'tamper',
        'terminate',
      ].sort(),
    )
  })
})
