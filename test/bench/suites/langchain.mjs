import { setTimeout as delay } from 'node:timers/promises'
import { AIMessage } from '@langchain/core/messages'
import { governanceMiddleware, governTools } from '@preceptor/langchain-callback'
import { createAgent, FakeToolCallingModel, humanInTheLoopMiddleware, tool } from 'langchain'
import { z } from 'zod'
import { compare } from '../measure.mjs'
import { openGate } from '../open-gate.mjs'
import { atMost, reported } from '../table.mjs'

const readOrder = tool(({ id }) => `order ${id}`, {
  name: 'order_read',
  description: 'Reads an order.',
  schema: z.object({ id: z.string() }),
})
const ACTIONS = { order_read: { risk: 'safe' } }

function model() {
  return new FakeToolCallingModel({ toolCalls: [[{ id: 'call_1', name: 'order_read', args: { id: 'o-1' } }], []] })
}

function runOf(middleware) {
  return async () => {
    const agent = createAgent({ model: model(), tools: [readOrder], middleware })
    const { messages } = await agent.invoke({ messages: [{ role: 'user', content: 'read order o-1' }] })
    if (!messages.some((message) => message.content === 'order o-1')) throw new Error('The tool did not run.')
    return AIMessage.isInstance(messages.at(-1))
  }
}

/** What the gate adds to a tool call and to a whole run of an agent. */
export async function langchain() {
  const { governor } = await openGate()
  try {
    const options = { agent: 'bench-bot', actions: ACTIONS }
    const [governed] = await governTools(governor, [readOrder], options)
    const rest = () => delay(2)
    const times = await compare({
      bareTool: { run: () => readOrder.invoke({ id: 'o-1' }), isAsync: true, batch: 50, rest },
      governedTool: { run: () => governed.invoke({ id: 'o-1' }), isAsync: true, batch: 50, rest },
      bareRun: { run: runOf([]), isAsync: true, batch: 2, rest },
      hitlRun: { run: runOf([humanInTheLoopMiddleware({ interruptOn: {} })]), isAsync: true, batch: 2, rest },
      governedRun: { run: runOf([governanceMiddleware(governor, options)]), isAsync: true, batch: 2, rest },
    })
    const unit = 'ns'
    const { bareTool, governedTool, bareRun, hitlRun, governedRun } = times
    return [
      atMost({
        name: 'L1 governed tool call / tool.invoke',
        ours: governedTool,
        other: bareTool,
        as: 'limit',
        gate: 1.25,
        moonshot: 1.08,
        unit,
      }),
      atMost({
        name: 'L2 governed run / plain run',
        ours: governedRun,
        other: bareRun,
        as: 'limit',
        gate: 1.1,
        moonshot: 1.02,
        unit,
      }),
      atMost({
        name: 'L2 governed run / human-in-the-loop run',
        ours: governedRun,
        other: hitlRun,
        as: 'peer',
        gate: 1,
        moonshot: 0.9,
        unit,
      }),
      reported({ name: 'human-in-the-loop run / plain run', ours: hitlRun, other: bareRun, unit }),
    ]
  } finally {
    await governor.close()
  }
}
