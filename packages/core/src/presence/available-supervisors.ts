import type { GovernorContext } from '../context.ts'
import type { Tx } from '../database/transaction.ts'
import { presenceMoment } from './presence-moment.ts'
import { type AvailableRow, listAvailable } from './presence-store.ts'

/** The users who can watch one more run now: with the role, online, and with fewer sessions than the limit. */
export function availableSupervisors(
  context: GovernorContext,
  tx: Tx,
  except: string | null,
): Promise<readonly AvailableRow[]> {
  return listAvailable(tx, { moment: presenceMoment(context), except, most: context.settings.sessionsPerSupervisor })
}
