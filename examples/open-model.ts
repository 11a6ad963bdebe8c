import { type ModelScript, startModelServer } from './model-server.ts'

/** A model, and where it is reached. */
export interface ModelAccess {
  readonly name: string
  readonly apiKey: string
  /** Null for the address of its maker. */
  readonly baseUrl: string | null
}

/** The model that drives an agent. */
export interface Model {
  readonly access: ModelAccess
  close(): Promise<void>
}

/** A real model where there is a key for one, else a local server that speaks its protocol and follows a script. */
export async function openModel(env: NodeJS.ProcessEnv, script: ModelScript): Promise<Model> {
  const { OPENAI_API_KEY: apiKey, OPENAI_MODEL: name = 'gpt-5-mini', OPENAI_BASE_URL: baseUrl = null } = env
  if (apiKey) return { access: { name, apiKey, baseUrl }, close: async () => undefined }
  const server = await startModelServer(script)
  return { access: { name: 'scripted', apiKey: 'none', baseUrl: server.url }, close: () => server.close() }
}
