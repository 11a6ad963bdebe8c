import { GovernanceError } from '@preceptor/client'
import {
  type Actor,
  actorName,
  agentFilter,
  inWorkspace,
  isoTime,
  parseInput,
  personText,
  recordNotFound,
  type Tx,
} from '@preceptor/core/plugin'
import { z } from 'zod'
import type { WorkflowDefinition } from '../client/workflow-definition.ts'
import type { Workflow, WorkflowOperations } from '../client/workflows.ts'
import type { DefinitionPorts } from '../ports/definition-ports.ts'
import { assertOwnAgents } from './assert-agents.ts'
import { acceptDefinition } from './check-definition.ts'
import { nameTaken } from './create-workflow.ts'
import { advanceWorkflow, findWorkflow, insertVersion, isNameTaken } from './store.ts'

const input = z.strictObject({
  definition: z.unknown(),
  base: z.int().min(1).max(2_000_000_000),
  note: personText(1_000).optional(),
})

interface Change {
  readonly id: string
  readonly actor: Actor
  readonly definition: WorkflowDefinition
  readonly base: number
  readonly note: string | null
}

/**
 * Writes the next version of a workflow; runs that began keep theirs.
 *
 * @throws GovernanceError `WORKFLOW_INVALID`, `NOT_FOUND`, `CONFLICT` where there is a newer version, where it is archived and
 * for a name that is taken, `INPUT_INVALID`, `PERMISSION_DENIED`.
 */
export async function updateWorkflow(
  ports: DefinitionPorts,
  actor: Actor,
  { id, change }: { readonly id: string; readonly change: Parameters<WorkflowOperations['update']>[1] },
): Promise<Workflow> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.workflows.update')
  const { base, note = null, definition: given } = parseInput(input, change, 'change')
  const definition = acceptDefinition(given)
  assertOwnAgents(actor, definition)
  return inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    write(ports, tx, { id: String(id), actor, definition, base, note }),
  )
}

async function write({ context }: DefinitionPorts, tx: Tx, change: Change): Promise<Workflow> {
  const { id, actor, definition, base, note } = change
  const found = await findWorkflow(tx, id, agentFilter(actor))
  if (found === undefined) throw recordNotFound('workflow', id)
  if (await isNameTaken(tx, definition.name, id)) throw nameTaken(definition.name)
  const by = actorName(actor)
  const at = isoTime(context.clock.now())
  const next: Workflow = { ...found, name: definition.name, version: base + 1, definition, updatedAt: at }
  if (!(await advanceWorkflow(tx, next, base))) throw moved((await findWorkflow(tx, id)) ?? found, base)
  await insertVersion(tx, { workflow: id, version: next.version, definition, note, createdBy: by, createdAt: at })
  const body = { actor: by, workflow: id, version: next.version, name: next.name, note }
  await context.journal.append(tx, { kind: 'workflow.versioned', subject: id, body })
  return next
}

function moved({ state, version }: Workflow, base: number): GovernanceError {
  if (state === 'archived') return new GovernanceError('CONFLICT', { message: 'The workflow is archived.' })
  return new GovernanceError('CONFLICT', {
    message: `The workflow is at version ${version}, not ${base}.`,
    hint: 'Read the newest version and apply the change to it.',
    details: { version },
  })
}
