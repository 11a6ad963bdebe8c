import type { AccessContext, Authorizer } from '@preceptor/core/plugin'
import type { DefinitionOperation } from '../permissions/definition-permissions.ts'

/** What the definitions of workflows stand on. */
export interface DefinitionPorts {
  readonly context: AccessContext
  readonly authorizer: Authorizer<DefinitionOperation>
}
