import { setTimeout as delay } from 'node:timers/promises'
import type { StandardSchema } from '@preceptor/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestGovernor, type TestGovernor } from '../testing/test-governor.ts'

/** A schema that asks somebody who never answers. */
const silent: StandardSchema = {
  '~standard': { version: 1, vendor: 'test', validate: () => new Promise(() => undefined) },
}

let test: TestGovernor

beforeAll(async () => {
  const actions = { 'order.read': { risk: 'safe', args: silent } } as const
  test = await createTestGovernor({ actions, settings: { deadlineMs: 300 } })
  await test.register('patient', 'autonomous')
})
afterAll(() => test.close())

describe('a schema that never answers [I-1]', () => {
  const trigger = { agent: 'patient', action: 'order.read', args: {} }

  it('denies within the deadline', { timeout: 3_000 }, async () => {
    const decision = await test.agent('patient').decide(trigger)
    expect(decision).toMatchObject({ route: 'denied', code: 'DEADLINE_EXCEEDED' })
  })

  it('does not keep a check waiting either', { timeout: 3_000 }, async () => {
    expect(await test.agent('patient').check(trigger)).toMatchObject({ route: 'denied', code: 'DEADLINE_EXCEEDED' })
  })
})

describe('an attempt whose parts are each slow [I-1]', () => {
  it('is denied within one deadline, not one for each part', { timeout: 60_000 }, async () => {
    const lazy: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: async (value) => {
          await delay(300)
          return { value }
        },
      },
    }
    const failpoint = async (name: string): Promise<void> => {
      if (name === 'decide.before_commit') await delay(1_000)
    }
    const slow = await createTestGovernor({
      actions: { 'note.write': { risk: 'medium', args: lazy } },
      settings: { deadlineMs: 500 },
      testing: { failpoint },
    })
    try {
      await slow.register('patient', 'autonomous')
      const started = performance.now()
      const decision = await slow.agent('patient').decide({ agent: 'patient', action: 'note.write', args: {} })
      expect(decision).toMatchObject({ route: 'denied', code: 'DEADLINE_EXCEEDED' })
      // One for each part would be 800 ms and more.
      expect(performance.now() - started).toBeLessThan(790)
    } finally {
      await slow.close()
    }
  })
})
