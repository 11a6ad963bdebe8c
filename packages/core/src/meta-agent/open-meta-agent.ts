import type { ChatModel } from '../models/chat-model.ts'
import type { TrainingDependencies } from '../training/training-dependencies.ts'
import type { MetaAgentDependencies } from './meta-agent-dependencies.ts'

/** What the host brings to the meta-agent. */
export interface MetaAgentOptions {
  readonly metaAgent?: { readonly model?: ChatModel; readonly advise?: MetaAgentDependencies['advise'] }
  readonly workspaces: readonly string[]
}

/** Opens the meta-agent as the options say: by rules and on request by default. */
export function openMetaAgent(
  { metaAgent = {}, workspaces }: MetaAgentOptions,
  training: TrainingDependencies,
): MetaAgentDependencies {
  return { training, model: metaAgent.model ?? null, advise: metaAgent.advise ?? 'on_request', workspaces }
}
