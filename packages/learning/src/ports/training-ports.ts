import type { ChatModel } from '@preceptor/core'
import type { AccessContext, Authorizer, PluginHost } from '@preceptor/core/plugin'
import type { TrainerParts } from '../options/open-trainer-parts.ts'
import type { TrainingOperation } from '../permissions/training-permissions.ts'

/** When agent types are trained without anybody asking. */
export interface AutomaticTraining {
  /** Examples that no training used; default 10. */
  readonly after: number
  /** Hours since the training before; default 24. */
  readonly everyHours: number
  /** Where a version is deployed that did well; null: nowhere, a person looks first. */
  readonly deploy: DeploymentPlan | null
}

/** Where a version is to be deployed when its test allows it. */
export interface DeploymentPlan {
  readonly tier: 'system' | 'user' | 'project'
  readonly target?: string
  /** Above 0, at most 1. */
  readonly share: number
}

/** What training runs and experiments stand on. */
export interface TrainingPorts {
  readonly context: AccessContext
  readonly authorizer: Authorizer<TrainingOperation>
  readonly parts: TrainerParts
  /** Answers as agents of the type do; null where no playbook can be tested. */
  readonly answerer: ChatModel | null
  /** False where types are trained only when somebody asks. */
  readonly automatic: AutomaticTraining | false
  readonly enqueue: PluginHost['enqueue']
}
