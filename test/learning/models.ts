import { ChatOpenAI } from '@langchain/openai'
import type { ChatModel } from '@preceptor/core'
import type { RuleServer } from './rule-server.ts'

/** A chat model of LangChain that asks a server; a failure is not tried again. */
export function modelAt({ url }: Pick<RuleServer, 'url'>, model = 'scripted'): ChatModel {
  return new ChatOpenAI({ model, apiKey: 'none', maxRetries: 0, configuration: { baseURL: url } })
}
