import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { Gate } from '../routing/gate.ts'
import { offerEntries, withdrawOffers } from './offer-entries.ts'

/**
 * Asks supervisors who are online to watch what waits and this process can run, without waiting for the next turn of a
 * worker; gives how many runs.
 *
 * @throws GovernanceError `PERMISSION_DENIED`, or the code of a fault.
 */
export async function processQueue(gate: Gate, actor: Actor): Promise<{ readonly offered: number }> {
  authorize(actor, 'queue.process')
  const { workspace } = actor
  await withdrawOffers(gate.context, workspace)
  const executable = [...gate.registry.executable()].find(([name]) => name === workspace)
  if (executable === undefined) return { offered: 0 }
  return { offered: await offerEntries(gate, { workspace, actions: executable[1] }) }
}
