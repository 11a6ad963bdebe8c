import type { ControlPlane } from '@preceptor/client'
import { playbookMiddleware } from '@preceptor/langchain-callback'
import { createAgent, HumanMessage } from 'langchain'
import { modelAt } from '../model-at.ts'

/** Asks an agent a question, and gives its answer. */
export type Ask = (question: string) => Promise<string>

const SYSTEM_PROMPT = 'You answer the customers of a shop.'

/** An agent of LangChain that reads its playbook before each answer; with null for the plane, one that has none. */
export function makeAgent(model: string, plane: ControlPlane | null, workspace = 'default'): Ask {
  const playbook = { agentType: 'generic', agent: 'refund-bot', workspace }
  // Each answer is to show what is deployed now; 5 seconds are the default.
  const fresh = { refreshMs: 0, deadlineMs: 20_000, onFault }
  const agent = createAgent({
    model: modelAt(model),
    tools: [],
    systemPrompt: SYSTEM_PROMPT,
    middleware: plane === null ? [] : [playbookMiddleware(plane, { ...playbook, ...fresh })],
  })
  return async (question) => {
    const { messages } = await agent.invoke({ messages: [new HumanMessage(question)] })
    return messages.at(-1)?.text ?? ''
  }
}

/** An answer without the playbook would look like one that it did not help. */
function onFault(error: unknown): never {
  throw error
}
