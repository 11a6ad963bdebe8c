import { GovernanceError, type Page, type PageQuery } from '@preceptor/client'
import {
  type Actor,
  actorName,
  agentFilter,
  cursorTimePlace,
  decodeCursor,
  inWorkspace,
  parseInput,
  parseLimit,
  recordNotFound,
  type Tx,
} from '@preceptor/core/plugin'
import { z } from 'zod'
import type { ListedWorkflow, Workflow, WorkflowDrawing, WorkflowVersion } from '../client/workflows.ts'
import type { DefinitionPorts } from '../ports/definition-ports.ts'
import { drawWorkflow } from './draw-workflow.ts'
import { findVersion, findWorkflow, listVersions, listWorkflows } from './store.ts'

const HIGHEST_VERSION = 2_000_000_000
const versionNumber = z.int().min(1).max(HIGHEST_VERSION)

/** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
export async function readWorkflow(ports: DefinitionPorts, actor: Actor, id: string): Promise<Workflow> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.workflows.get')
  return inWorkspace(context.database, { workspace: actor.workspace }, (tx) => visible(tx, actor, id))
}

/** Lists workflows, archived ones too, newest first. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readWorkflows(
  { authorizer, context }: DefinitionPorts,
  actor: Actor,
  query: PageQuery = {},
): Promise<Page<ListedWorkflow>> {
  authorizer.authorize(actor, 'orchestration.workflows.list')
  const only = agentFilter(actor)
  const wanted = {
    before: cursorTimePlace(query.cursor),
    limit: parseLimit(query.limit),
    only,
    seesRuns: authorizer.accessOf(actor, 'orchestration.runs.list') !== 'never',
    startedBy: only === null ? null : actorName(actor),
    seesSchedules: authorizer.accessOf(actor, 'orchestration.schedules.list') !== 'never',
  }
  return inWorkspace(context.database, { workspace: actor.workspace }, (tx) => listWorkflows(tx, wanted))
}

/** Lists the versions of a workflow, newest first. @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readVersions(
  { authorizer, context }: DefinitionPorts,
  actor: Actor,
  { id, query = {} }: { readonly id: string; readonly query?: PageQuery | undefined },
): Promise<Page<WorkflowVersion>> {
  authorizer.authorize(actor, 'orchestration.workflows.versions')
  const wanted = { before: versionPlace(query.cursor), limit: parseLimit(query.limit) }
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const { id: workflow } = await visible(tx, actor, id)
    return listVersions(tx, { workflow, ...wanted })
  })
}

/** Draws a version of a workflow, the current one where none is named. @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`. */
export async function readDrawing(
  { authorizer, context }: DefinitionPorts,
  actor: Actor,
  { id, version: given }: { readonly id: string; readonly version?: number | undefined },
): Promise<WorkflowDrawing> {
  authorizer.authorize(actor, 'orchestration.workflows.drawing')
  const version = parseInput(versionNumber.optional(), given, 'version')
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const workflow = await visible(tx, actor, id)
    const wanted = version ?? workflow.version
    const found = await findVersion(tx, workflow.id, wanted)
    if (found === undefined) throw recordNotFound('version', `${wanted}`)
    return { workflow: workflow.id, version: wanted, mermaid: drawWorkflow(found.definition) }
  })
}

async function visible(tx: Tx, actor: Actor, id: string): Promise<Workflow> {
  const found = await findWorkflow(tx, String(id), agentFilter(actor))
  if (found === undefined) throw recordNotFound('workflow', String(id))
  return found
}

function versionPlace(cursor: string | undefined): number | null {
  if (cursor === undefined) return null
  const [version, ...rest] = decodeCursor(cursor)
  if (rest.length === 0 && versionNumber.safeParse(version).success) return Number(version)
  throw new GovernanceError('INPUT_INVALID', { message: 'cursor: not a cursor of this list.' })
}
