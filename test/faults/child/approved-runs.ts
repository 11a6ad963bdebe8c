import type { ActionDefinitions, GuardCall } from '@preceptor/client'
import type { JobHost } from '@preceptor/core'
import { ACTIONS } from '../workload.ts'
import { realTime } from './machine-clock.ts'
import type { Tool } from './tool.ts'

/** Runs of what was approved and left to a worker. */
export interface ApprovedRuns {
  /** The actions, one of them with an executor. */
  readonly actions: ActionDefinitions
  /** The tool is opened after the governor, which needs the actions. */
  use(tool: Tool): void
  /** The jobs, of which it is known when a run of approved actions began. */
  watch(jobs: JobHost): JobHost
}

/** Makes the executor of this process. */
export function createApprovedRuns(): ApprovedRuns {
  const begun = new Set<{ readonly at: number }>()
  let tool: Tool | undefined
  const execute = async ({ args, decision, idempotencyKey, attempt, checkpoint }: GuardCall): Promise<unknown> => {
    if (tool === undefined) throw new Error('The tool is not there yet.')
    // The gate was asked at some time after the run began.
    const invokedAt = Math.min(realTime(), ...[...begun].map(({ at }) => at))
    const { agent, action, id } = decision
    const call = {
      workspace: String(args.ws),
      agent,
      action,
      key: idempotencyKey,
      keyed: true,
      args,
      decision: id,
      session: null,
    }
    return tool.act(
      { ...call, attempt, invokedAt, checkpoint: async () => void (await checkpoint()), looks: true },
      { beforeMs: 0, afterMs: 0, checks: false, fails: 'never' },
    )
  }
  return {
    actions: { ...ACTIONS, 'reply.send': { ...ACTIONS['reply.send'], risk: 'high', execute } },
    use(opened) {
      tool = opened
    },
    watch: (jobs) => ({
      ...jobs,
      async runApproved(limit) {
        const run = { at: realTime() }
        begun.add(run)
        try {
          return await jobs.runApproved(limit)
        } finally {
          begun.delete(run)
        }
      },
    }),
  }
}
