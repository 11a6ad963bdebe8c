import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import type { PluginJob, PluginWork } from '../plugins/plugin.ts'

/** Does the work that a job of a plugin was woken for; without a workspace, all that is due. */
export async function runPluginJob(
  context: GovernorContext,
  job: PluginJob,
  { workspace, ...payload }: Partial<PluginWork>,
): Promise<void> {
  if (workspace !== undefined) return void (await job.run({ workspace, ...payload }))
  const faults: unknown[] = []
  for (const work of await findPluginWork(context, job)) {
    // One that cannot be done must not keep the others from being done.
    await job.run(work).catch((error: unknown) => faults.push(error))
  }
  if (faults.length > 0) throw faults[0]
}

/** Finds what a job of a plugin is due for, over all workspaces. */
export function findPluginWork(context: GovernorContext, job: PluginJob): Promise<readonly PluginWork[]> {
  const at = isoTime(context.clock.now())
  return inWorkspace(context.database, { workspace: '*', role: 'system' }, (tx) => job.find(tx, at))
}

/** Wakes workers for what is due in the jobs whose work the queue may have lost. */
export async function wakeLostWork(
  context: GovernorContext,
  jobs: ReadonlyMap<string, PluginJob>,
  enqueue: (name: string, work: PluginWork) => Promise<boolean>,
): Promise<void> {
  for (const [name, job] of jobs) {
    if (job.isReconciled !== true || job.isElsewhere === true) continue
    for (const work of await findPluginWork(context, job)) await enqueue(name, work)
  }
}

/** Wakes workers for what is due in the jobs that are looked for at once; gives how much there was. */
export async function wakeDueWork(
  context: GovernorContext,
  jobs: ReadonlyMap<string, PluginJob>,
  wake: (name: string, work: PluginWork) => Promise<boolean>,
): Promise<number> {
  let found = 0
  for (const [name, job] of jobs) {
    if (job.isPrompt !== true || job.isElsewhere === true) continue
    for (const work of await findPluginWork(context, job)) {
      found += 1
      await wake(name, work)
    }
  }
  return found
}
