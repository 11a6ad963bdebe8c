// The agent in a process of its own: an agent of LangChain whose tool tells how far it is, and asks before each effect
// whether it may go on.
import { once } from 'node:events'
import { ChatOpenAI } from '@langchain/openai'
import { connectGovernor, GovernanceError } from '@preceptor/client'
import { governanceMiddleware, guardedCall } from '@preceptor/langchain-callback'
import { createAgent, HumanMessage, tool } from 'langchain'
import { z } from 'zod'
import type { AgentOrder, AgentSaid } from './messages.ts'

const [order] = (await once(process, 'message')) as [AgentOrder]
// A busy machine is no fault here.
const governor = connectGovernor({ url: order.plane, token: order.key, deadlineMs: 20_000 })
// The director is gone: nobody needs this any more.
process.once('disconnect', () => void governor.close().finally(() => process.exit()))

const refund = tool(
  async (payment) => {
    const call = guardedCall()
    const { order: id, cents } = payment
    call?.emit({ kind: 'log', level: 'info', message: `order ${id}: ${cents} cents` })
    call?.emit({ kind: 'progress', value: 0, message: 'the bank checks the payment' })
    await askBank('/checks', payment, call?.signal)
    call?.emit({ kind: 'progress', value: 0.5, message: 'the payment is checked' })
    // Waits while the run is paused, and throws once it is terminated.
    await call?.checkpoint()
    await askBank('/refunds', payment, call?.signal)
    call?.emit({ kind: 'output', text: `Refunded ${cents} cents of order ${id}.` })
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
  systemPrompt: 'You work in a shop. Make each refund with the tool, one call at a time. Do what a supervisor says.',
  middleware: [governanceMiddleware(governor, { agent: 'refund-bot' })],
})
process.send?.(await work())

async function work(): Promise<AgentSaid> {
  try {
    const { messages } = await agent.invoke({ messages: [new HumanMessage(order.task)] })
    return { ended: 'done', answer: messages.at(-1)?.text ?? '' }
  } catch (error) {
    const { code, message } = GovernanceError.isInstance(error)
      ? error
      : new GovernanceError('INTERNAL', { message: String(error) })
    return { ended: 'stopped', code, message }
  }
}

async function askBank(path: '/checks' | '/refunds', payment: object, signal: AbortSignal | undefined): Promise<void> {
  const response = await fetch(`${order.bank}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payment),
    ...(signal && { signal }),
  })
  if (!response.ok) throw new Error(`The bank answered ${response.status}.`)
}
