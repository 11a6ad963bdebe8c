import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, agentFilter, inWorkspace, parseReason, recordNotFound } from '@preceptor/core/plugin'
import type { Workflow } from '../client/workflows.ts'
import type { DefinitionPorts } from '../ports/definition-ports.ts'
import { archiveActive, findWorkflow } from './store.ts'

/**
 * Lets no run of a workflow begin any more, and frees its name.
 *
 * @throws GovernanceError `NOT_FOUND`, `CONFLICT` when it is archived, `INPUT_INVALID`, `PERMISSION_DENIED`.
 */
export async function archiveWorkflow(
  { authorizer, context }: DefinitionPorts,
  actor: Actor,
  { id, reason: given }: { readonly id: string; readonly reason: string },
): Promise<Workflow> {
  authorizer.authorize(actor, 'orchestration.workflows.archive')
  const reason = parseReason(given)
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const found = await findWorkflow(tx, String(id), agentFilter(actor))
    if (found === undefined) throw recordNotFound('workflow', String(id))
    if (!(await archiveActive(tx, found.id))) {
      throw new GovernanceError('CONFLICT', { message: `The workflow ${found.id} is archived.` })
    }
    const body = { actor: actorName(actor), workflow: found.id, version: found.version, reason }
    await context.journal.append(tx, { kind: 'workflow.archived', subject: found.id, body })
    return { ...found, state: 'archived' }
  })
}
