import { inWorkspace, isoTime, type PluginJob } from '@preceptor/core/plugin'
import type { SessionPorts } from '../ports/session-ports.ts'
import { deleteOldSessions, listWithOldSessions } from './session-store.ts'

const DAY_MS = 86_400_000
const BATCH = 1_000

/** Removes sessions that ended, predictions that were judged and adaptations that were removed more than so many days ago. */
export function pruneSessionsJob({ context }: Pick<SessionPorts, 'context'>, keepDays: number): PluginJob {
  const before = (at: number): string => isoTime(at - keepDays * DAY_MS)
  return {
    pattern: '30 47 * * * *',
    find: async (tx, at) => (await listWithOldSessions(tx, before(Date.parse(at)))).map((workspace) => ({ workspace })),
    async run({ workspace }) {
      const old = { before: before(context.clock.now()), limit: BATCH }
      const scope = { workspace, role: 'system' } as const
      while ((await inWorkspace(context.database, scope, (tx) => deleteOldSessions(tx, old))) >= BATCH);
    },
  }
}
