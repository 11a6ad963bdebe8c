import { governanceMiddleware, guardedCall } from '@preceptor/langchain-callback'
import { createAgent, HumanMessage, tool } from 'langchain'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { verifies } from '../verifies.ts'
import { answerIn, expectEachCallAnswered, REFUND, refundTool, scripted, useGovernor } from './support.ts'

const harness = useGovernor()
const question = () => ({ messages: [new HumanMessage('refund order 7')] })

/** A supervisor who is online. */
async function supervisor() {
  await harness.admin.members.put('sue', { displayName: 'Sue', roles: ['supervisor'] })
  const principal = { kind: 'user', id: 'sue', roles: ['supervisor'] } as const
  const scope = harness.governor.as({ workspace: 'default', principal })
  await scope.presence.heartbeat()
  return scope
}

describe('a run under supervision', () => {
  it(verifies('LC-7', 'waits for the supervisor, has one session for all its calls, and ends it'), async () => {
    const effects: unknown[] = []
    const sue = await supervisor()
    const agent = await harness.agent('supervised')
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const calls = [[REFUND], [{ ...REFUND, args: { cents: '7' }, id: 'call-2' }]]
    const run = createAgent({ model: scripted(...calls), tools: [refundTool(effects)], middleware }).invoke(question())
    const session = await vi.waitFor(async () => {
      const { items } = await sue.sessions.list({ agent })
      expect(items).toHaveLength(1)
      return items[0]
    })
    expect(effects).toEqual([])
    await sue.sessions.attach(session?.id ?? '')
    expectEachCallAnswered(await run)
    expect(effects).toEqual([
      { cents: 5, note: 'none' },
      { cents: 7, note: 'none' },
    ])
    expect((await sue.sessions.list({ agent })).items).toMatchObject([{ id: session?.id, state: 'completed' }])
  })

  it(
    verifies(['LC-7', 'SUP-3'], 'takes the args that a supervisor gives it, and the model is told of both'),
    async () => {
      const effects: unknown[] = []
      const sue = await supervisor()
      const agent = await harness.agent('supervised')
      const middleware = [governanceMiddleware(harness.governor, { agent })]
      const made = createAgent({ model: scripted([REFUND]), tools: [refundTool(effects)], middleware })
      const run = made.invoke(question())
      const { id } = await vi.waitFor(async () => {
        const [found] = (await sue.sessions.list({ agent })).items
        if (found === undefined) throw new Error('There is no session yet.')
        return found
      })
      const principal = { kind: 'user', id: 'zoe', roles: ['admin'] } as const
      const zoe = harness.governor.as({ workspace: 'default', principal })
      const args = { cents: 4, note: 'less' }
      await zoe.sessions.intervene(id, { type: 'correct', args, guidance: 'Ask for the receipt.' })
      await sue.sessions.attach(id)
      const result = await run
      expectEachCallAnswered(result)
      expect(effects).toEqual([{ cents: 4, note: 'less' }])
      const told = JSON.stringify(result.messages.map(({ content }) => content))
      expect(told).toContain('A supervisor changed this call')
      expect(told).toContain('[A supervisor says: Ask for the receipt.]')
    },
  )

  it(
    verifies(
      ['LC-20', 'SUP-1', 'SUP-3'],
      'lets a tool tell how far it is, and waits between its effects while it is paused',
    ),
    async () => {
      const effects: unknown[] = []
      const sue = await supervisor()
      const agent = await harness.agent('supervised')
      let go = (): void => undefined
      const asked = new Promise<void>((resolve) => {
        go = resolve
      })
      const sendAll = tool(
        async () => {
          const call = guardedCall()
          call?.emit({ kind: 'progress', value: 0.5, message: 'half' })
          await asked
          await call?.checkpoint()
          effects.push('sent')
          return 'sent'
        },
        { name: 'refund', description: 'Sends.', schema: z.object({ cents: z.string() }) },
      )
      const middleware = [governanceMiddleware(harness.governor, { agent })]
      const run = createAgent({ model: scripted([REFUND]), tools: [sendAll], middleware }).invoke(question())
      const id = await vi.waitFor(async () => {
        const [found] = (await sue.sessions.list({ agent })).items
        if (found === undefined) throw new Error('There is no session yet.')
        return found.id
      })
      await sue.sessions.attach(id)
      for await (const { kind, body } of sue.sessions.follow(id)) {
        if (kind !== 'progress') continue
        expect(body).toMatchObject({ value: 0.5, message: 'half' })
        break
      }
      await sue.sessions.intervene(id, { type: 'pause' })
      go()
      await vi.waitFor(async () => expect(await sue.sessions.get(id)).toMatchObject({ state: 'paused' }))
      expect(effects).toEqual([])
      await sue.sessions.intervene(id, { type: 'correct', guidance: 'Mind the fee.' })
      await sue.sessions.intervene(id, { type: 'resume' })
      const { messages } = await run
      expect(effects).toEqual(['sent'])
      expect(answerIn({ messages }).text).toBe('sent\n\n[A supervisor says: Mind the fee.]')
      expect(guardedCall()).toBeUndefined()
    },
  )

  it('is given up when the host aborts it, and runs nothing', async () => {
    const effects: unknown[] = []
    const sue = await supervisor()
    const agent = await harness.agent('supervised')
    const middleware = [governanceMiddleware(harness.governor, { agent })]
    const controller = new AbortController()
    const made = createAgent({ model: scripted([REFUND]), tools: [refundTool(effects)], middleware })
    const run = made.invoke(question(), { signal: controller.signal })
    const refused = expect(run).rejects.toThrow()
    await vi.waitFor(async () => expect((await sue.sessions.list({ agent })).items).toHaveLength(1))
    controller.abort(new Error('enough'))
    await refused
    // Long before the wait for a supervisor would be over.
    await vi.waitFor(
      async () => expect((await sue.sessions.list({ agent })).items).toMatchObject([{ state: 'failed' }]),
      {
        timeout: 8_000,
      },
    )
    expect(effects).toEqual([])
  })
})
