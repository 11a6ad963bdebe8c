import { type ModelScript, startModelServer } from '../model-server.ts'
import type { AgentOrder } from './messages.ts'

/** The model that drives the agent. */
export interface Model {
  readonly access: AgentOrder['model']
  close(): Promise<void>
}

/** A real model where there is a key for one, else a local server that speaks its protocol and follows a script. */
export async function openModel(env: NodeJS.ProcessEnv): Promise<Model> {
  const { OPENAI_API_KEY: apiKey, OPENAI_MODEL: name = 'gpt-5-mini', OPENAI_BASE_URL: baseUrl = null } = env
  if (apiKey) return { access: { name, apiKey, baseUrl }, close: async () => undefined }
  const server = await startModelServer(script)
  return { access: { name: 'scripted', apiKey: 'none', baseUrl: server.url }, close: () => server.close() }
}

const script: ModelScript = ({ messages }) => {
  const last = messages.at(-1)
  return last?.role === 'tool'
    ? { text: `Done: ${String(last.content)}` }
    : { calls: [{ id: 'call_refund', name: 'refund', args: { order: '7', cents: 500 } }] }
}
