import type { ChatModel } from '../models/chat-model.ts'
import type { TrainingDependencies } from '../training/training-dependencies.ts'

/** What the meta-agent stands on. */
export interface MetaAgentDependencies {
  readonly training: TrainingDependencies
  /** Reviews and designs; null where none is configured: then rules do. */
  readonly model: ChatModel | null
  /** Whether it advises on every new version, or where a person asks for it. */
  readonly advise: 'on_request' | 'always'
  /** The workspaces that this process opened. */
  readonly workspaces: readonly string[]
}
