import { type Actor, createAuthorizer, type PluginHost } from '@preceptor/core/plugin'
import type { WorkflowOperations } from './client/workflows.ts'
import { archiveWorkflow } from './definitions/archive-workflow.ts'
import { definitionProblems } from './definitions/check-definition.ts'
import { createWorkflow } from './definitions/create-workflow.ts'
import { readDrawing, readVersions, readWorkflow, readWorkflows } from './definitions/read-workflows.ts'
import { updateWorkflow } from './definitions/update-workflow.ts'
import { definitionPermissions } from './permissions/definition-permissions.ts'
import { runPermissions } from './permissions/run-permissions.ts'
import { schedulePermissions } from './permissions/schedule-permissions.ts'
import type { DefinitionPorts } from './ports/definition-ports.ts'

/** The definitions of workflows on a governor. */
export interface OpenDefinitions {
  /** Binds the operations to an actor. */
  scope(actor: Actor): { readonly workflows: WorkflowOperations }
}

/** Opens the definitions of workflows on a governor. */
export function openDefinitions(host: Pick<PluginHost, 'context'>): OpenDefinitions {
  const authorizer = createAuthorizer({ ...definitionPermissions, ...runPermissions, ...schedulePermissions })
  const ports: DefinitionPorts = { context: host.context, authorizer }
  return {
    scope: (actor) => ({
      workflows: {
        create: (definition) => createWorkflow(ports, actor, definition),
        async validate(definition) {
          authorizer.authorize(actor, 'orchestration.workflows.validate')
          return { problems: definitionProblems(definition) }
        },
        get: (id) => readWorkflow(ports, actor, id),
        list: (query) => readWorkflows(ports, actor, query),
        update: (id, change) => updateWorkflow(ports, actor, { id, change }),
        archive: (id, reason) => archiveWorkflow(ports, actor, { id, reason }),
        versions: (id, query) => readVersions(ports, actor, { id, query }),
        drawing: (id, query) => readDrawing(ports, actor, { id, version: query?.version }),
      },
    }),
  }
}
