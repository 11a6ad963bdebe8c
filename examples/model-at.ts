import { ChatOpenAI } from '@langchain/openai'

/** A chat model of LangChain at the address of a server of this example; a failure is not tried again. */
export function modelAt(url: string): ChatOpenAI {
  return new ChatOpenAI({ model: 'scripted', apiKey: 'none', maxRetries: 0, configuration: { baseURL: url } })
}
