import { ChatOpenAI } from '@langchain/openai'
import { type ModelScript, type ModelServer, startModelServer } from '../model-server.ts'
import type { DemoOptions } from './options.ts'

/** The model that drives the agents. */
export interface Model {
  readonly model: ChatOpenAI
  readonly name: string
  close(): Promise<void>
}

/** A real model where there is a key for one, else a local server that speaks the same protocol by a script. */
export async function openModel({ openai }: Pick<DemoOptions, 'openai'>): Promise<Model> {
  if (openai !== undefined) {
    const model = new ChatOpenAI({ model: openai.model, apiKey: openai.apiKey })
    return { model, name: openai.model, close: async () => undefined }
  }
  const server: ModelServer = await startModelServer(followInstructions)
  const name = 'scripted-model'
  const configuration = { baseURL: server.url }
  const model = new ChatOpenAI({ model: name, apiKey: 'none', temperature: 0, maxRetries: 0, configuration })
  return { model, name, close: () => server.close() }
}

const STEP = /^- (\w+) (\{.*\})$/gm
const TASK = /^Task (\S+):/m

/** Takes the steps of the task one after the other, whatever came of the one before, as its instructions say. */
const followInstructions: ModelScript = ({ messages }) => {
  const task = String(messages.find(({ role }) => role === 'user')?.content ?? '')
  const name = TASK.exec(task)?.[1] ?? 'task'
  const taken = messages.filter(({ role }) => role === 'tool').length
  const step = [...task.matchAll(STEP)][taken]
  if (step === undefined) return { text: 'Every step was attempted.' }
  const [, tool = '', args = '{}'] = step
  return { calls: [{ id: `call_${name}_${taken + 1}`, name: tool, args: JSON.parse(args) }] }
}
