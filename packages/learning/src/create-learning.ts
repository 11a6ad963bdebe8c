import type { ChatModel } from '@preceptor/core'
import type { GovernorPlugin, PluginJob } from '@preceptor/core/plugin'
import { learning } from './client/learning.ts'
import type { LearningOperations } from './client/learning-operations.ts'
import type { FeedbackOptions } from './feedback/feedback-options.ts'
import { FEEDBACK_MIGRATION } from './migrations/0001-feedback.ts'
import { SESSIONS_MIGRATION } from './migrations/0002-sessions.ts'
import { TRAINING_MIGRATION } from './migrations/0003-training.ts'
import { openFeedback } from './open-feedback.ts'
import { openSessions, type SessionOptions } from './open-sessions.ts'
import { openTraining } from './open-training.ts'
import { openTrainerParts } from './options/open-trainer-parts.ts'
import type { TrainerOptions } from './options/trainer-options.ts'
import { feedbackPermissions } from './permissions/feedback-permissions.ts'
import { sessionPermissions } from './permissions/session-permissions.ts'
import { trainingPermissions } from './permissions/training-permissions.ts'
import { readTrainingOptions, type TrainingOptions } from './training/training-options.ts'

/** Options of learning; every one has a default. */
export interface LearningOptions extends TrainerOptions, TrainingOptions, Omit<FeedbackOptions, 'recordExists'> {
  /** Answers as agents do when a playbook is tested; default: the improver. */
  readonly answerer?: ChatModel | null
  /**
   * Whether workers of this process do what needs models and the options of the host: sessions, training, experiments,
   * clean-up. `false` leaves all of that to another process on the same database; default true.
   */
  readonly work?: boolean
  /** Days for which learning sessions that ended and predictions that were judged are kept, 1 to 36,500; default 365. */
  readonly keepSessionsDays?: number
  /** What this process takes of its machine; default: what Node says. */
  readonly processNumbers?: SessionOptions['processNumbers']
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
    permissions: { ...feedbackPermissions, ...sessionPermissions, ...trainingPermissions },
    migrations: [FEEDBACK_MIGRATION, SESSIONS_MIGRATION, TRAINING_MIGRATION],
    open(host) {
      const sessions = openSessions(host, sessionOptions(parts, options))
      const feedback = openFeedback(host, { ...options, recordExists: sessions.sessionExists })
      const trained = openTraining(host, training)
      return {
        scope: (actor) => ({ ...feedback.scope(actor), ...sessions.scope(actor), ...trained.scope(actor) }),
        jobs: jobsOf({ ...feedback.jobs, ...sessions.jobs, ...trained.jobs }, options.work ?? true),
      }
    },
  }
}

// What needs no model, and of the options of the host none.
const FOR_ANY_PROCESS = new Set(['capture', 'settle-run', 'settle-experiment', 'settle-predictions'])

/** All the others wait for models, or are for a process with the options: they stand in a queue of their own. */
function jobsOf(jobs: Readonly<Record<string, PluginJob>>, work: boolean): Readonly<Record<string, PluginJob>> {
  const ownQueue = { isLong: true, isElsewhere: !work }
  return Object.fromEntries(
    Object.entries(jobs).map(([name, job]) => [name, FOR_ANY_PROCESS.has(name) ? job : { ...job, ...ownQueue }]),
  )
}

function sessionOptions(
  parts: SessionOptions['parts'],
  { keepSessionsDays, processNumbers }: LearningOptions,
): SessionOptions {
  return {
    parts,
    ...(keepSessionsDays === undefined ? {} : { keepDays: keepSessionsDays }),
    ...(processNumbers === undefined ? {} : { processNumbers }),
  }
}
