import { createJobHost, type OpenJobHost } from './jobs/job-host.ts'
import type { Hints } from './journal/tell-at-once.ts'
import { advisePending } from './meta-agent/advise-pending.ts'
import type { MetaAgentDependencies } from './meta-agent/meta-agent-dependencies.ts'
import type { Notifier } from './notifications/notifier.ts'
import type { ParsedOptions } from './options.ts'
import type { OpenPlugins } from './plugins/open-plugins.ts'
import { runRegistered } from './proposals/run-registered.ts'
import { runQueue } from './queue/run-queue.ts'
import type { ReviewDependencies } from './review/review-dependencies.ts'
import { reviewPending } from './review/review-pending.ts'
import type { Watches } from './review/watches.ts'
import { runTraining } from './training/run-training.ts'

/** Opens the jobs of a governor: what a worker asks for stands here beside what does it. */
export function openJobs(
  { redis, queueName, workspaces }: ParsedOptions,
  {
    metaAgent,
    review,
    watches,
    notifier,
    plugins,
    onWork,
  }: {
    readonly metaAgent: MetaAgentDependencies
    readonly review: ReviewDependencies
    readonly watches: Watches
    readonly notifier: Notifier
    readonly plugins: OpenPlugins
    readonly onWork: Hints['onWork']
  },
): OpenJobHost {
  const { training } = metaAgent
  return createJobHost({
    context: training.context,
    redisUrl: redis,
    queueName,
    runApproved: (limit) => runRegistered(training, limit),
    onWork: (listener) => {
      const ends = workspaces.map((workspace) => onWork(workspace, listener))
      return () => {
        for (const end of ends) end()
      }
    },
    notify: notifier.run,
    runTraining: (limit) => runTraining(training, limit),
    runQueue: (limit) => runQueue(training, limit),
    advise: (limit) => advisePending(metaAgent, limit),
    review: (limit) => reviewPending(review, limit),
    watch: (limit) => watches.turn(limit),
    pluginJobs: () => plugins.jobs,
  })
}
