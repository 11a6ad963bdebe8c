import type { HostPlane, HostScope, MetricFamily } from '@preceptor/client'
import { countStreamClients } from '../realtime/stream-clients.ts'

/** Every metric over all workspaces. */
export async function readAllFamilies(governor: HostPlane): Promise<readonly MetricFamily[]> {
  return [...(await governor.metrics()), streamClients(governor, '*')]
}

/**
 * Every metric of the workspace of a scope.
 *
 * @throws GovernanceError `PERMISSION_DENIED`
 */
export async function readFamilies(governor: HostPlane, scope: HostScope): Promise<readonly MetricFamily[]> {
  return [...(await scope.metrics()), streamClients(governor, scope.workspace)]
}

function streamClients(governor: HostPlane, workspace: string): MetricFamily {
  return {
    name: 'governance_stream_clients',
    help: 'Event streams and sockets that are open in this process.',
    labelNames: [],
    type: 'gauge',
    samples: [{ labels: {}, value: countStreamClients(governor, workspace) }],
  }
}
