import { type Bypass, GovernanceError } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import { clearAlert } from '../alerts/raise-alert.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { liftBypass } from './bypass-store.ts'
import { getBypass } from './read-bypasses.ts'

/**
 * Lifts a bypass before its time, by any administrator. Whatever is decided from then on is decided without it.
 *
 * @throws GovernanceError `NOT_FOUND`, `CONFLICT` when it ended before, `PERMISSION_DENIED`, `INPUT_INVALID`, or the code
 * of a fault.
 */
export async function liftBypassOf(
  context: GovernorContext,
  actor: Actor,
  request: { readonly id: string; readonly reason: string },
): Promise<Bypass> {
  authorize(actor, 'bypasses.lift')
  const { id } = request
  const reason = parseReason(request.reason)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const bypass = await getBypass(context, tx, id)
    const at = isoTime(context.clock.now())
    if (!(await liftBypass(tx, bypass, { by: actorName(actor), at, reason }))) {
      throw new GovernanceError('CONFLICT', { message: `The bypass ${id} has ended before.` })
    }
    await context.journal.append(tx, {
      kind: 'bypass.lifted',
      subject: id,
      ...(bypass.agent === null ? {} : { agent: bypass.agent }),
      body: { actor: actorName(actor), reason: redactText(reason) },
    })
    await clearAlert(context, tx, { code: 'BYPASS_ACTIVE', subject: id })
    return getBypass(context, tx, id)
  })
}
