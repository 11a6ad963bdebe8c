import type { Scenario } from '@preceptor/client'
import type { GovernorContext } from '../context.ts'
import type { ChatModel } from '../models/chat-model.ts'
import type { Gate } from '../routing/gate.ts'
import type { Runner } from '../routing/guard.ts'
import type { Trainees } from './trainees.ts'

/** What training stands on. */
export interface TrainingDependencies {
  readonly context: GovernorContext
  readonly gate: Gate
  readonly runner: Runner
  /** The scenarios of the product and of this process. */
  readonly scenarios: readonly Scenario[]
  readonly trainees: Trainees
  /** Grades by rubric; null where none is configured. */
  readonly grader: ChatModel | null
}
