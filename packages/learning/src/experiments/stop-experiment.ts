import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, inWorkspace, isoTime, parseReason, recordNotFound } from '@preceptor/core/plugin'
import type { Experiment } from '../client/training.ts'
import type { TrainingPorts } from '../ports/training-ports.ts'
import { skipTrials } from '../trials/trial-store.ts'
import { endExperiment, findExperiment } from './experiment-store.ts'

/**
 * Stops a running experiment; what it found so far stays.
 *
 * @throws GovernanceError `NOT_FOUND`, `CONFLICT` when it has ended, `INPUT_INVALID`, `PERMISSION_DENIED`.
 */
export async function stopExperiment(
  { authorizer, context }: TrainingPorts,
  actor: Actor,
  { id, reason: given }: { readonly id: string; readonly reason: string },
): Promise<Experiment> {
  authorizer.authorize(actor, 'learning.experiments.stop')
  const reason = parseReason(given)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const found = await findExperiment(tx, String(id))
    if (found === undefined) throw recordNotFound('experiment', id)
    const at = isoTime(context.clock.now())
    if (!(await endExperiment(tx, found.id, { state: 'stopped', winner: null, reason, at }))) {
      throw new GovernanceError('CONFLICT', { message: `The experiment ${found.id} has ended.` })
    }
    await skipTrials(tx, { kind: 'experiment', id: found.id }, at)
    const body = { actor: actorName(actor), agentType: found.agentType, reason }
    await context.journal.append(tx, { kind: 'experiment.stopped', subject: found.id, body })
    return (await findExperiment(tx, found.id)) ?? found
  })
}
