import type { PluginPort } from '@preceptor/client'
import type { OrchestrationOperations } from './orchestration-operations.ts'
import { remoteCollaboration } from './remote-collaboration.ts'
import { remoteWorkflows } from './remote-workflows.ts'

/**
 * The operations of orchestration, on a governor of this process or of another one.
 *
 * @example
 * ```ts
 * import { connectGovernor } from '@preceptor/client'
 * import { orchestration } from '@preceptor/orchestration/client'
 *
 * const governor = connectGovernor({ url: 'http://127.0.0.1:4600/api', token: 'pcp_…' })
 * const scope = governor.as({ workspace: 'default', principal: { kind: 'user', id: 'ana', roles: ['supervisor'] } })
 * const { state } = await scope.plugin(orchestration).runs.execute('wfl_…', { input: { client: 'acme' } })
 * ```
 */
export const orchestration: PluginPort<OrchestrationOperations> = {
  name: 'orchestration',
  connect: (connection) => ({ ...remoteWorkflows(connection), ...remoteCollaboration(connection) }),
}
