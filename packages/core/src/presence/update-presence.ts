import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { journalChanges } from './announce.ts'
import { presenceMoment } from './presence-moment.ts'
import { endSilentSessions } from './presence-session-store.ts'
import { announceDueStates, findDuePresences } from './presence-store.ts'

const BATCH = 500
// Whoever is held by one is skipped by the other.
const LANES = 2
const ACTOR = 'system:presence'
const SILENT_MS = 3_600_000

/** Finds the workspaces in which a state is to be looked at. */
export function findDue(tx: Tx, at: string): Promise<readonly string[]> {
  return findDuePresences(tx, { at, silentBefore: isoTime(Date.parse(at) - SILENT_MS) })
}

/**
 * Announces who has become away or offline by the time that passed, each change once whoever looks, and ends sessions
 * that fell silent. Who waits longest comes first, and nobody is looked at twice before everybody was. Reading never waits for it.
 */
export async function updatePresence(context: GovernorContext, workspace: string): Promise<void> {
  const lanes = Array.from({ length: LANES }, () => untilFewer(() => announceDue(context, workspace)))
  await Promise.all(lanes)
  await untilFewer(() =>
    inWorkspace(context.database, { workspace }, (tx) => {
      const now = context.clock.now()
      return endSilentSessions(tx, { silentBefore: isoTime(now - SILENT_MS), at: isoTime(now), limit: BATCH })
    }),
  )
}

async function announceDue(context: GovernorContext, workspace: string): Promise<number> {
  return inWorkspace(context.database, { workspace, retry: true, named: true }, async (tx) => {
    const moment = presenceMoment(context)
    const { looked, changes } = await announceDueStates(tx, { limit: BATCH, moment })
    await journalChanges(context, tx, { changes, actor: () => ACTOR })
    return looked
  })
}

async function untilFewer(batch: () => Promise<number>): Promise<void> {
  while ((await batch()) === BATCH);
}
