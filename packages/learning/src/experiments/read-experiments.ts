import type { Page, PageQuery } from '@preceptor/client'
import { type Actor, inWorkspace, recordNotFound } from '@preceptor/core/plugin'
import type { Experiment } from '../client/training.ts'
import type { TrainingPorts } from '../ports/training-ports.ts'
import { typePage } from '../type-page.ts'
import { findExperiment, listExperiments } from './experiment-store.ts'

/** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
export async function readExperiment(
  { authorizer, context }: TrainingPorts,
  actor: Actor,
  id: string,
): Promise<Experiment> {
  authorizer.authorize(actor, 'learning.experiments.get')
  const found = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    findExperiment(tx, String(id)),
  )
  if (found === undefined) throw recordNotFound('experiment', id)
  return found
}

/** Lists experiments, newest first. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readExperiments(
  { authorizer, context }: TrainingPorts,
  actor: Actor,
  query: PageQuery & { readonly agentType?: string },
): Promise<Page<Experiment>> {
  authorizer.authorize(actor, 'learning.experiments.list')
  const wanted = typePage(query)
  return inWorkspace(context.database, { workspace: actor.workspace }, (tx) => listExperiments(tx, wanted))
}
