// The agent in a process of its own. It may be killed at any moment: what it waits for is in the store, and where it was
// is in its checkpoint.
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { Command, type StateSnapshot } from '@langchain/langgraph'
import { ChatOpenAI } from '@langchain/openai'
import { connectGovernor } from '@preceptor/client'
import { governanceMiddleware } from '@preceptor/langchain-callback'
import { createAgent, HumanMessage, tool } from 'langchain'
import { z } from 'zod'
import { FileCheckpointer } from './file-checkpointer.ts'
import type { AgentOrder, AgentSaid } from './messages.ts'

const CONFIG = { configurable: { thread_id: 'order-7' } }

const [order] = (await once(process, 'message')) as [AgentOrder]
const governor = connectGovernor({ url: order.plane, token: order.key })
// The director is gone: nobody needs this any more.
process.once('disconnect', () => void governor.close().finally(() => process.exit()))
const refund = tool(
  ({ order: id, cents }) => {
    appendFileSync(order.effects, `${JSON.stringify({ order: id, cents })}\n`)
    return `Refunded ${cents} cents of order ${id}.`
  },
  {
    name: 'refund',
    description: 'Refunds an order.',
    schema: z.object({ order: z.string(), cents: z.int().min(1) }),
  },
)
const { name, apiKey, baseUrl } = order.model
const agent = createAgent({
  model: new ChatOpenAI({ model: name, apiKey, ...(baseUrl !== null && { configuration: { baseURL: baseUrl } }) }),
  tools: [refund],
  systemPrompt: 'You work in a shop. Make each refund with the tool, once.',
  middleware: [governanceMiddleware(governor, { agent: 'refund-bot', mode: 'interrupt' })],
  checkpointer: new FileCheckpointer(order.thread),
})

await goOn()
process.send?.(said(await agent.graph.getState(CONFIG)))

/** Begins the thread, or goes on where it was; a thread that is done stays as it is. */
async function goOn(): Promise<void> {
  const { tasks, values } = await agent.graph.getState(CONFIG)
  const interrupts = tasks.flatMap((task) => task.interrupts)
  if (interrupts.length > 0) {
    // Whatever it says: whether the refund may be made is asked of the store.
    const resume = Object.fromEntries(interrupts.map(({ id = '' }) => [id, 'go on']))
    await agent.invoke(new Command({ resume }), CONFIG)
    return
  }
  if (values.messages !== undefined) return
  await agent.invoke({ messages: [new HumanMessage({ id: 'question', content: order.question })] }, CONFIG)
}

function said({ tasks, values }: StateSnapshot): AgentSaid {
  const [paused] = tasks.flatMap((task) => task.interrupts)
  if (paused === undefined) return { state: 'done', answer: values.messages.at(-1).text }
  return { state: 'paused', proposal: paused.value.proposal.id, args: paused.value.args }
}
