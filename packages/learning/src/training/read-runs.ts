import type { Page, PageQuery } from '@preceptor/client'
import {
  type Actor,
  cursorTimePlace,
  inWorkspace,
  parseInput,
  parseLimit,
  recordNotFound,
} from '@preceptor/core/plugin'
import { z } from 'zod'
import { AGENT_TYPE_FORM } from '../agent-type.ts'
import type { TrainingRun } from '../client/training.ts'
import type { TrainingPorts } from './training-ports.ts'
import { findRun, listRuns, shownRun } from './training-store.ts'

const agentTypeFilter = z.string().regex(AGENT_TYPE_FORM).nullable()

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

/** Reads the query of a list that is filtered by agent type. @throws GovernanceError `INPUT_INVALID`. */
export function typePage(query: PageQuery & { readonly agentType?: string }): Parameters<typeof listRuns>[1] {
  return {
    agentType: parseInput(agentTypeFilter, query.agentType ?? null, 'agentType'),
    before: cursorTimePlace(query.cursor),
    limit: parseLimit(query.limit),
  }
}
