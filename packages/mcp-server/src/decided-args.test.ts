import type { JsonObject } from '@preceptor/client'
import { createTestGovernor, type TestGovernor } from '@preceptor/core/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decidedArgs, hashArgs } from './decided-args.ts'

let test: TestGovernor

beforeAll(async () => {
  test = await createTestGovernor({ settings: { deadlineMs: 20_000 } })
  await test.register('bot', 'autonomous')
})
afterAll(() => test.close())

describe('the hash of args', () => {
  it('is the one that decisions state', async () => {
    // Keys that reach prototypes are refused, and so are texts that no database carries.
    const name = fc.string({ unit: 'grapheme' }).filter((key) => !/__proto__|constructor|prototype|\0/.test(key))
    const { object } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.oneof(
          name,
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.integer(),
          fc.boolean(),
          fc.constant(null),
        ),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('object'),
      ),
      object: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    }))
    const scope = test.agent('bot')
    await fc.assert(
      fc.asyncProperty(object, async (value) => {
        const args = JSON.parse(JSON.stringify(value)) as JsonObject
        const { argsHash } = await scope.check({ agent: 'bot', action: 'order.read', args })
        expect(hashArgs(args)).toBe(argsHash)
      }),
      { numRuns: 150 },
    )
  })
})

describe('the args that were decided on', () => {
  it('are those that were sent, without a look at the record, where they have its hash', async () => {
    const scope = test.agent('bot')
    const args = { cents: 5, note: 'ü "x" \u2028', list: [1, { b: 1, a: -0 }] }
    const decision = await scope.decide({ agent: 'bot', action: 'refund.create', args }, { claim: true })
    const unread = { report: scope.report, decisions: { get: () => Promise.reject(new Error('unread')) } }
    expect(await decidedArgs(unread, decision, args)).toBe(args)
    const other = decidedArgs({ ...unread, report: scope.report }, decision, { cents: 6 })
    await expect(other).rejects.toMatchObject({ code: 'ARGS_INVALID' })
    expect((await test.admin.decisions.get(decision.id)).execution).toMatchObject({ state: 'failed' })
  })
})
