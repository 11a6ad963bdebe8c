import { setTimeout as delay } from 'node:timers/promises'
import { AIMessage } from '@langchain/core/messages'
import { Command, MemorySaver } from '@langchain/langgraph'
import { createGovernor } from '@preceptor/core'
import { governanceMiddleware, governTools } from '@preceptor/langchain-callback'
import { createAgent, FakeToolCallingModel, humanInTheLoopMiddleware, tool } from 'langchain'
import { z } from 'zod'
import { compare } from '../measure.mjs'
import { openGate } from '../open-gate.mjs'
import { openPostgres } from '../open-postgres.mjs'
import { atMost, reported } from '../table.mjs'

const readOrder = tool(({ id }) => `order ${id}`, {
  name: 'order_read',
  description: 'Reads an order.',
  schema: z.object({ id: z.string() }),
})
const WRITTEN_MS = 20
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
    // What was decided and run is written between two slices: an agent does not call a tool thousands of times a second.
    const rest = () => delay(WRITTEN_MS)
    const times = await compare({
      bareTool: { run: () => readOrder.invoke({ id: 'o-1' }), isAsync: true, batch: 25, rest },
      governedTool: { run: () => governed.invoke({ id: 'o-1' }), isAsync: true, batch: 25, rest },
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
      await approvals(),
    ]
  } finally {
    await governor.close()
  }
}

let threads = 0

/** A call that waits for a person: asked for, approved, and resumed; ours is durable in Postgres, the peer in memory. */
async function approvals() {
  const server = await openPostgres()
  const governor = await createGovernor({ database: server.url, migrate: true, report: () => undefined })
  try {
    const as = (principal) => governor.as({ workspace: 'default', principal })
    await as({ kind: 'user', id: 'root', roles: ['admin'] }).agents.register({ id: 'asker', maturity: 'intern' })
    const ana = as({ kind: 'user', id: 'ana', roles: ['supervisor'] })
    const options = { agent: 'asker', actions: { order_read: { risk: 'high' } } }
    const ours = pausing(governanceMiddleware(governor, options), async ({ proposal: { id, version, actionHash } }) => {
      await ana.proposals.approve(id, { version, actionHash })
      return 'decided'
    })
    const interruptOn = { order_read: { allowedDecisions: ['approve'] } }
    const hitl = pausing(humanInTheLoopMiddleware({ interruptOn }), () => ({ decisions: [{ type: 'approve' }] }))
    const times = await compare({
      ours: { run: ours, isAsync: true, rest: () => delay(1) },
      hitl: { run: hitl, isAsync: true, rest: () => delay(1) },
    })
    return atMost({
      ...{ name: 'L3 paused, approved, resumed / human-in-the-loop in memory', unit: 'ns', as: 'peer' },
      ...{ ours: times.ours, other: times.hitl, gate: 1.25, moonshot: 1 },
    })
  } finally {
    await governor.close()
    await server.close()
  }
}

function pausing(middleware, decide) {
  return async () => {
    threads += 1
    const config = { configurable: { thread_id: `thread-${threads}` } }
    const checkpointer = new MemorySaver()
    const agent = createAgent({ model: model(), tools: [readOrder], middleware: [middleware], checkpointer })
    const paused = await agent.invoke({ messages: [{ role: 'user', content: 'read order o-1' }] }, config)
    const [{ value }] = paused.__interrupt__
    const { messages } = await agent.invoke(new Command({ resume: await decide(value) }), config)
    if (!messages.some((message) => message.content === 'order o-1')) throw new Error('The tool did not run.')
  }
}
