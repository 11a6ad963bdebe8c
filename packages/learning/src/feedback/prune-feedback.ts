import { inWorkspace, isoTime, type PluginJob } from '@preceptor/core/plugin'
import type { FeedbackPorts } from '../ports/feedback-ports.ts'
import { deleteOldFeedback, listWithOldFeedback } from './feedback-store.ts'

const DAY_MS = 86_400_000
const BATCH = 1_000

/** Removes feedback that is older than so many days; its examples stay. Null keeps it for good. */
export function pruneFeedbackJob({ context }: FeedbackPorts, keepDays: number | null): PluginJob {
  const before = (at: number): string => isoTime(at - (keepDays ?? 0) * DAY_MS)
  return {
    pattern: '0 42 * * * *',
    find: async (tx, at) =>
      keepDays === null
        ? []
        : (await listWithOldFeedback(tx, before(Date.parse(at)))).map((workspace) => ({ workspace })),
    async run({ workspace }) {
      if (keepDays === null) return
      const old = { before: before(context.clock.now()), limit: BATCH }
      const scope = { workspace, role: 'system' } as const
      while ((await inWorkspace(context.database, scope, (tx) => deleteOldFeedback(tx, old))) === BATCH);
    },
  }
}
