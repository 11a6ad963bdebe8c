import { inWorkspace, type PluginJob, type PluginWork, type Tx } from '@preceptor/core/plugin'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { holdCollaboration } from '../collaboration-store.ts'
import { findConsensus, findDueConsensus } from './consensus-store.ts'
import { settleConsensus } from './settle-consensus.ts'

/** Ends votes whose time is over. */
export function closeJob(ports: CollaborationPorts): PluginJob {
  return { isReconciled: true, find: findDueConsensus, run: (work) => close(ports, work) }
}

async function close(ports: CollaborationPorts, { workspace, id }: PluginWork): Promise<void> {
  if (id === undefined) return
  await inWorkspace(ports.context.database, { workspace, retry: true }, (tx) => settle(ports, tx, id))
}

async function settle(ports: CollaborationPorts, tx: Tx, id: string): Promise<void> {
  const found = await findConsensus(tx, id)
  const session = found && (await holdCollaboration(tx, found.collaboration))
  if (session?.state === 'running') await settleConsensus(ports, tx, session, id)
}
