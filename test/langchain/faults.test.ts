import { createGovernor } from '@preceptor/core'
import { GovernanceCallbackHandler, governanceMiddleware, governTools } from '@preceptor/langchain-callback'
import { createAgent, HumanMessage } from 'langchain'
import { describe, expect, it } from 'vitest'
import { verifies } from '../verifies.ts'
import { answerIn, REFUND, refundTool, scripted } from './support.ts'

const question = { messages: [new HumanMessage('refund order 7')] }

describe('a gate that cannot decide', () => {
  it(verifies(['I-1', 'LC-7'], 'runs nothing and says so to the model, in every binding'), async () => {
    const effects: unknown[] = []
    const governor = await createGovernor({ memory: true, report: () => undefined })
    const admin = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ada', roles: ['admin'] } })
    await admin.agents.register({ id: 'refund-bot', maturity: 'autonomous' })
    const refund = refundTool(effects)
    const options = { agent: 'refund-bot', tools: [refund] }
    const bindings = {
      middleware: () =>
        createAgent({
          model: scripted([REFUND]),
          tools: [refund],
          middleware: [governanceMiddleware(governor, options)],
        }),
      tools: () => createAgent({ model: scripted([REFUND]), tools: governTools(governor, [refund], options) }),
      handler: () => createAgent({ model: scripted([REFUND]), tools: [refund] }),
    }
    const config = (binding: string) =>
      binding === 'handler' ? { callbacks: [new GovernanceCallbackHandler(governor, options)] } : {}
    for (const [binding, make] of Object.entries(bindings)) await make().invoke(question, config(binding))
    expect(effects).toHaveLength(3)
    await governor.close()

    console.error = () => undefined
    for (const [binding, make] of Object.entries(bindings)) {
      const answer = answerIn(await make().invoke(question, config(binding)))
      expect(answer.status).toBe('error')
      expect(answer.content).toContain('The governor was closed.')
    }
    expect(effects).toHaveLength(3)
  })
})
