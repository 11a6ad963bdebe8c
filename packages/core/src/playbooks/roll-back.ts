import { GovernanceError, type PlaybookDeployment, type PlaybookRollback } from '@preceptor/client'
import { parseReason } from '../access/parse-reason.ts'
import type { Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { getDeployment } from './deploy-version.ts'
import { endDeployment, insertDeployment } from './deployment-store.ts'
import { getVersion } from './get-version.ts'
import { holdPlaybook } from './playbook-store.ts'
import type { PlaybookContext } from './write-version.ts'

/**
 * Ends an active deployment in the transaction of the caller, with its journal row, and deploys again what it replaced. A
 * canary that ends leaves what stands below it as it is.
 *
 * @throws GovernanceError `CONFLICT` when it is not active, `NOT_FOUND`, `INPUT_INVALID`.
 */
export async function rollBack(
  context: PlaybookContext,
  tx: Tx,
  request: { readonly by: string; readonly deployment: string; readonly reason: string },
): Promise<PlaybookRollback> {
  const { by, deployment: id } = request
  const reason = parseReason(request.reason)
  const { playbook } = await getDeployment(tx, id)
  await holdPlaybook(tx, { id: playbook })
  const at = isoTime(context.clock.now())
  if (!(await endDeployment(tx, id, { state: 'rolled_back', by, at, reason }))) {
    throw new GovernanceError('CONFLICT', { message: `The deployment ${id} is not active any more.` })
  }
  const rolledBack = await getDeployment(tx, id)
  const restored = await restore(context, tx, { rolledBack, by, at, reason })
  const { agentType, version, tier, target, share } = rolledBack
  const back = { restored: restored?.id ?? null, restoredVersion: restored?.version ?? null }
  await context.journal.append(tx, {
    kind: 'playbook.rolled_back',
    subject: playbook,
    body: { actor: by, agentType, deployment: id, version, tier, target, share, ...back, reason },
  })
  return { rolledBack, restored }
}

/** What was active before stands there again, in front of what it had replaced itself. */
async function restore(
  context: PlaybookContext,
  tx: Tx,
  made: { readonly rolledBack: PlaybookDeployment; readonly by: string; readonly at: string; readonly reason: string },
): Promise<PlaybookDeployment | null> {
  const { rolledBack, by, at, reason } = made
  if (rolledBack.replaces === null) return null
  const { id: restores, playbook, version, tier, target, replaces } = await getDeployment(tx, rolledBack.replaces)
  const id = context.ids.next('pbd')
  const untested = (await getVersion(tx, playbook, version)).test === null
  const place = { playbook, version, tier, target, share: 1 }
  await insertDeployment(tx, { id, ...place, untested, replaces, restores, reason, deployedBy: by, deployedAt: at })
  return getDeployment(tx, id)
}
