import type { ChatModel } from '@preceptor/core'
import type { GovernorPlugin } from '@preceptor/core/plugin'
import { learning } from './client/learning.ts'
import type { LearningOperations } from './client/learning-operations.ts'
import { type FeedbackOptions, openFeedback } from './feedback/open-feedback.ts'
import { FEEDBACK_MIGRATION } from './migrations/0001-feedback.ts'
import { TRAINING_MIGRATION } from './migrations/0003-training.ts'
import { openTrainerParts } from './options/open-trainer-parts.ts'
import type { TrainerOptions } from './options/trainer-options.ts'
import { feedbackPermissions } from './permissions/feedback-permissions.ts'
import { trainingPermissions } from './permissions/training-permissions.ts'
import { openTraining } from './training/open-training.ts'
import { readTrainingOptions, type TrainingOptions } from './training/training-options.ts'

/** Options of learning; every one has a default. */
export interface LearningOptions extends TrainerOptions, TrainingOptions, Omit<FeedbackOptions, 'recordExists'> {
  /** Answers as agents do when a playbook is tested; default: the improver. */
  readonly answerer?: ChatModel | null
}

/**
 * Learning as a plugin of a governor: feedback and examples, learning sessions, training runs and experiments. Without a chat
 * model it collects and writes, and neither improves nor tests.
 *
 * @throws GovernanceError `OPTION_INVALID`, naming what is wrong.
 * @example
 * ```ts
 * import { createGovernor } from '@preceptor/core'
 * import { createLearning, learning } from '@preceptor/learning'
 *
 * const governor = await createGovernor({ memory: true, plugins: [createLearning()] })
 * const scope = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['admin'] } })
 * const { items } = await scope.plugin(learning).feedback.list()
 * await governor.close()
 * ```
 */
export function createLearning(options: LearningOptions = {}): GovernorPlugin<LearningOperations> {
  const parts = openTrainerParts(options)
  const training = { ...readTrainingOptions(options), parts, answerer: options.answerer ?? parts.settings.improver }
  return {
    port: learning,
    permissions: { ...feedbackPermissions, ...trainingPermissions },
    migrations: [FEEDBACK_MIGRATION, TRAINING_MIGRATION],
    open(host) {
      const feedback = openFeedback(host, options)
      const trained = openTraining(host, training)
      return {
        scope: (actor) => ({ ...feedback.scope(actor), ...trained.scope(actor) }) as LearningOperations,
        jobs: { ...feedback.jobs, ...trained.jobs },
      }
    },
  }
}
