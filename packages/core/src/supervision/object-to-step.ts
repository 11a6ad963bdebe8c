import { GovernanceError, type SupervisionSessionDetail } from '@preceptor/client'
import { type Actor, actorName } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { parseReason } from '../access/parse-reason.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { redactText } from '../journal/redact-text.ts'
import { isoTime } from '../kernel/clock.ts'
import { assertGoesOn, assertHolder, getHeldSession } from './held-session.ts'
import { pauseSession } from './pause-session.ts'
import { readDetail } from './read-session.ts'
import { recordIntervention } from './record-intervention.ts'
import { findStep, withholdStep } from './step-store.ts'
import { tellSession } from './tell-session.ts'

/**
 * Withholds a step that waits to begin, and pauses the run.
 *
 * @throws GovernanceError `CONFLICT` when the step has begun, `INPUT_INVALID`, `NOT_FOUND`, `PERMISSION_DENIED`, or the
 * code of a fault.
 */
export async function objectToStep(
  context: GovernorContext,
  actor: Actor,
  objection: { readonly id: string; readonly step: string; readonly reason: string },
): Promise<SupervisionSessionDetail> {
  authorize(actor, 'sessions.object')
  const reason = parseReason(objection.reason)
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const session = await getHeldSession(tx, objection.id)
    assertGoesOn(session)
    assertHolder(actor, session, context.clock.now())
    const step = await findStep(tx, objection.step)
    if (step?.session !== session.id) {
      throw new GovernanceError('NOT_FOUND', { message: `The session ${session.id} has no such step.` })
    }
    const at = isoTime(context.clock.now())
    const by = actorName(actor)
    if (!(await withholdStep(tx, { id: step.id, objectedBy: by, at }))) {
      throw new GovernanceError('CONFLICT', {
        message: `The step ${step.id} has begun or was withheld before.`,
        hint: 'Pause or terminate the run.',
      })
    }
    const id = context.ids.next('itv')
    const { agent } = session
    const row = { id, session: session.id, agent, type: 'object', guidance: null, args: null, step: step.id } as const
    await recordIntervention(context, tx, { ...row, reason, by, at, applied: true })
    const body = { intervention: id, type: 'object', step: step.id, reason: redactText(reason) }
    await tellSession(context, tx, { session, kind: 'intervention.applied', actor, body })
    await pauseSession(context, tx, { session, actor, reason: redactText(reason) })
    return readDetail(tx, session.id)
  })
}
