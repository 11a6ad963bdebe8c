import type { PluginPort } from '@preceptor/client'
import type { LearningOperations } from './learning-operations.ts'
import { remoteFeedback } from './remote-feedback.ts'
import { remoteTrainer } from './remote-trainer.ts'
import { remoteTraining } from './remote-training.ts'

/**
 * The operations of learning, on a governor of this process or of another one.
 *
 * @example
 * ```ts
 * import { connectGovernor } from '@preceptor/client'
 * import { learning } from '@preceptor/learning/client'
 *
 * const governor = connectGovernor({ url: 'http://127.0.0.1:4600/api', token: 'pcp_…' })
 * const scope = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['supervisor'] } })
 * const { recommendations } = await scope.plugin(learning).feedback.insights('refund-bot')
 * ```
 */
export const learning: PluginPort<LearningOperations> = {
  name: 'learning',
  connect: (connection) => ({
    ...remoteFeedback(connection),
    ...remoteTrainer(connection),
    ...remoteTraining(connection),
  }),
}
