import { GovernanceError } from '@preceptor/client'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { attemptOf, useReach } from './support.ts'

const reach = useReach()

describe('args', () => {
  const schema = z.object({ cents: z.coerce.number().int(), currency: z.string().default('EUR') })

  it('are parsed by the schema of this process, once, and run as they were decided on', async () => {
    const agent = await reach.agentOf('autonomous')
    const scope = reach.scopeOf(agent)
    const [registered] = await scope.registerActions({ 'refund.coerced': { args: schema } })
    const attempt = { agent, action: 'refund.coerced', args: { cents: '5' } }
    const result = await scope.guard(attempt, ({ args }) => args)
    expect(result).toMatchObject({ status: 'executed', value: { cents: 5, currency: 'EUR' } })
    const embedded = await reach.test.agent(agent).registerActions({ 'refund.coerced': { args: schema } })
    expect(embedded).toEqual([registered])
    expect((await reach.test.agent(agent).check(attempt)).argsHash).toBe(result.decision.argsHash)
  })

  it('may be made into something else by the schema of this process', async () => {
    const agent = await reach.agentOf('autonomous')
    const scope = reach.scopeOf(agent)
    const args = z.object({ cents: z.string().transform(Number) })
    await scope.registerActions({ 'refund.transformed': { args } })
    const attempt = { agent, action: 'refund.transformed', args: { cents: '5' } }
    expect(await scope.guard(attempt, ({ args: parsed }) => parsed)).toMatchObject({ value: { cents: 5 } })
  })

  it('that do not fit here are denied by the gate, on record, without their values', async () => {
    const agent = await reach.agentOf('autonomous')
    const scope = reach.scopeOf(agent)
    const opaque = { '~standard': { ...schema['~standard'], jsonSchema: undefined } }
    Reflect.deleteProperty(opaque['~standard'], 'jsonSchema')
    await scope.registerActions({ 'refund.local': { args: opaque as never } })
    const attempt = { agent, action: 'refund.local', args: { cents: 'secret-amount' } }
    for (const answer of [await scope.decide(attempt), await scope.check(attempt)]) {
      expect(answer).toMatchObject({ route: 'denied', code: 'ARGS_INVALID' })
    }
    const result = await scope.guard(attempt, () => 'ran')
    expect(result).toMatchObject({ status: 'withheld', decision: { code: 'ARGS_INVALID' } })
    const { decision, args } = await reach.test.admin.decisions.get(result.decision.id)
    expect(decision).toMatchObject({ route: 'denied', code: 'ARGS_INVALID' })
    expect(JSON.stringify(args)).not.toContain('secret-amount')
  })

  it('that the caller found wrong can only be denied', async () => {
    const agent = await reach.agentOf('autonomous')
    const attempt = attemptOf(agent, { argsProblems: ['args.cents: too much'] })
    expect(await reach.scopeOf(agent).decide(attempt)).toMatchObject({ route: 'denied', code: 'ARGS_INVALID' })
    expect(await reach.test.agent(agent).decide(attempt)).toMatchObject({ route: 'denied', code: 'ARGS_INVALID' })
  })

  it('are those of the moment of the call', async () => {
    const agent = await reach.agentOf('autonomous')
    const args = { cents: 5 }
    const guarded = reach.scopeOf(agent).guard({ ...attemptOf(agent), args }, (call) => call.args)
    args.cents = 99_999
    expect(await guarded).toMatchObject({ value: { cents: 5 } })
  })

  it.each([
    ['a date', { when: new Date() }],
    ['nothing', { what: undefined }],
    ['a prototype', JSON.parse('{"__proto__":{"a":1}}')],
    ['no number', { cents: Number.NaN }],
    ['no object', 5],
  ])('that hold %s are a mistake of the host', async (_, args) => {
    const agent = await reach.agentOf('autonomous')
    const run = reach.scopeOf(agent).guard({ ...attemptOf(agent), args: args as never }, () => 'ran')
    await expect(run).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})

it('misuse is thrown, as it is by the governor of this process', async () => {
  const scope = reach.scopeOf('a')
  await expect(scope.decide(null as never)).rejects.toBeInstanceOf(GovernanceError)
  await expect(scope.decide({ agent: 'a', action: 'b', args: {}, extra: 1 } as never)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  })
  await expect(scope.registerActions({ 'not a name': {} })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
})
