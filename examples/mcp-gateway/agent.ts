import { ChatOpenAI } from '@langchain/openai'
import { type BaseMessage, createAgent, HumanMessage, type StructuredTool, type ToolMessage } from 'langchain'
import type { ModelAccess } from '../open-model.ts'

/** An agent with one long conversation. */
export interface Agent {
  /** Asks it for something; gives what the tool told the model, and what the model says. */
  ask(text: string): Promise<{ readonly told: string; readonly answer: string }>
}

/** An agent of LangChain that knows nothing of Preceptor: it has tools. */
export async function openAgent({ name, apiKey, baseUrl }: ModelAccess, tools: StructuredTool[]): Promise<Agent> {
  const agent = createAgent({
    model: new ChatOpenAI({ model: name, apiKey, ...(baseUrl !== null && { configuration: { baseURL: baseUrl } }) }),
    tools,
    systemPrompt: 'You write files with the tool write_file, one call for each request. Do what its answer says.',
  })
  let messages: BaseMessage[] = []
  return {
    async ask(text) {
      const before = messages.length
      messages = (await agent.invoke({ messages: [...messages, new HumanMessage(text)] })).messages
      const told = messages.slice(before).filter((message): message is ToolMessage => message.type === 'tool')
      return {
        told: told.map(({ text: said }) => said.replaceAll('\n', ' ')).join(' '),
        answer: messages.at(-1)?.text ?? '',
      }
    },
  }
}
