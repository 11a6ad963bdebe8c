import { GovernanceError, type Governor } from '@preceptor/client'
import { governanceMiddleware } from '@preceptor/langchain-callback'
import { createAgent, HumanMessage, tool } from 'langchain'
import type { FleetAgent } from './fleet.ts'
import type { Model } from './model.ts'
import type { Shop } from './shop.ts'
import { SHOP_ACTIONS, type ShopAction } from './shop-actions.ts'
import type { Step } from './steps.ts'

/** What an agent is asked to do. */
export interface Task {
  readonly id: string
  readonly agent: FleetAgent
  readonly steps: readonly Step[]
}

const INSTRUCTIONS = `You work in a shop. Take every step of the task with its tool and exactly the given arguments, one
after the other and each one once. When a tool answers that an action is blocked or waits, go on with the next step.`

const actions = Object.fromEntries(SHOP_ACTIONS.map(({ tool: name, action, risk }) => [name, { action, risk }]))

/** Lets an agent of LangChain work on a task. Every tool call passes the gate; the agent does not know of it. */
export async function runTask(
  { governor, shop, model }: { readonly governor: Governor; readonly shop: Shop; readonly model: Model['model'] },
  task: Task,
): Promise<void> {
  const { id } = task.agent
  const agent = createAgent({
    model,
    tools: SHOP_ACTIONS.map((action) => shopTool(shop, action, id)),
    systemPrompt: INSTRUCTIONS,
    middleware: [governanceMiddleware(governor, { agent: id, actions })],
  })
  // The id of the message makes the attempts of a resumed round the same attempts.
  const message = new HumanMessage({ id: task.id, content: describe(task) })
  try {
    await agent.invoke({ messages: [message] }, { configurable: { thread_id: task.id }, recursionLimit: 50 })
  } catch (cause) {
    if (GovernanceError.isInstance(cause)) throw cause
    throw new GovernanceError('INTERNAL', {
      message: `The run of the agent "${id}" failed: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'Where OPENAI_API_KEY is set, check it and OPENAI_MODEL, or unset it to use the scripted model.',
      cause,
    })
  }
}

function shopTool(shop: Shop, { tool: name, description, params, body, perform }: ShopAction, agent: string) {
  const schema = body === undefined ? params : params.extend(body.shape)
  return tool(
    (args, config) => {
      const key = String(config.toolCall?.id)
      return JSON.stringify(perform(shop, { agent, adapter: 'langchain', key }, args))
    },
    { name, description, schema },
  )
}

function describe({ id, steps }: Task): string {
  const toolOf = (name: string): string => SHOP_ACTIONS.find(({ action }) => action === name)?.tool ?? name
  return [`Task ${id}:`, ...steps.map(({ action, args }) => `- ${toolOf(action)} ${JSON.stringify(args)}`)].join('\n')
}
