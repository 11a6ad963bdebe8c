import type { Page, PageQuery } from '@preceptor/client'
import { type Actor, inWorkspace, recordNotFound } from '@preceptor/core/plugin'
import type { TrainingRun } from '../client/training.ts'
import type { TrainingPorts } from '../ports/training-ports.ts'
import { typePage } from '../type-page.ts'
import { findRun, listRuns, shownRun } from './training-store.ts'

/** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
export async function readRun({ authorizer, context }: TrainingPorts, actor: Actor, id: string): Promise<TrainingRun> {
  authorizer.authorize(actor, 'learning.training.get')
  const run = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => findRun(tx, String(id)))
  if (run === undefined) throw recordNotFound('training run', id)
  return shownRun(run)
}

/** Lists runs, newest first. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readRuns(
  { authorizer, context }: TrainingPorts,
  actor: Actor,
  query: PageQuery & { readonly agentType?: string },
): Promise<Page<TrainingRun>> {
  authorizer.authorize(actor, 'learning.training.list')
  const wanted = typePage(query)
  const page = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) => listRuns(tx, wanted))
  return { ...page, items: page.items.map(shownRun) }
}
