import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, inWorkspace, isoTime, type Tx } from '@preceptor/core/plugin'
import type { WorkflowDefinition } from '../client/workflow-definition.ts'
import type { Workflow } from '../client/workflows.ts'
import type { DefinitionPorts } from '../ports/definition-ports.ts'
import { assertOwnAgents } from './assert-agents.ts'
import { acceptDefinition } from './check-definition.ts'
import { insertVersion, insertWorkflow, isNameTaken } from './store.ts'

/**
 * Writes a workflow.
 *
 * @throws GovernanceError `WORKFLOW_INVALID` with all problems in `details`, `CONFLICT` for a name that is taken,
 * `PERMISSION_DENIED`.
 */
export async function createWorkflow(
  ports: DefinitionPorts,
  actor: Actor,
  given: WorkflowDefinition,
): Promise<Workflow> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.workflows.create')
  const definition = acceptDefinition(given)
  assertOwnAgents(actor, definition)
  return inWorkspace(context.database, { workspace: actor.workspace }, (tx) => write(ports, tx, { actor, definition }))
}

async function write(
  { context }: DefinitionPorts,
  tx: Tx,
  { actor, definition }: { readonly actor: Actor; readonly definition: WorkflowDefinition },
): Promise<Workflow> {
  const { name } = definition
  if (await isNameTaken(tx, name)) throw nameTaken(name)
  const by = actorName(actor)
  const at = isoTime(context.clock.now())
  const workflow: Workflow = {
    id: context.ids.next('wfl'),
    name,
    version: 1,
    state: 'active',
    definition,
    createdBy: by,
    createdAt: at,
    updatedAt: at,
  }
  await insertWorkflow(tx, workflow)
  await insertVersion(tx, { workflow: workflow.id, version: 1, definition, note: null, createdBy: by, createdAt: at })
  const body = { actor: by, workflow: workflow.id, version: 1, name }
  await context.journal.append(tx, { kind: 'workflow.created', subject: workflow.id, body })
  return workflow
}

/** The error for a name that another active workflow has. */
export function nameTaken(name: string): GovernanceError {
  return new GovernanceError('CONFLICT', {
    message: `Another workflow of this workspace has the name ${JSON.stringify(name)}.`,
    hint: 'Take another name, or archive that workflow.',
  })
}
