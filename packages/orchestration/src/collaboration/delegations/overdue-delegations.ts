import { inWorkspace, type PluginJob, type PluginWork, type Tx } from '@preceptor/core/plugin'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import { holdCollaboration } from '../collaboration-store.ts'
import { findOpenTurn } from '../turn-store.ts'
import { findDelegation, findOverdue } from './delegation-store.ts'
import { missDelegated } from './settle-delegation.ts'

const LATE = { code: 'STEP_TIMED_OUT', message: 'It was not done by its deadline.' } as const
const BEGUN = {
  code: 'OUTCOME_UNKNOWN',
  message: 'It was begun and not done by its deadline; whether it took effect is not known.',
} as const

/** Gives what is overdue, and was not begun, to somebody else, or lets it fail. */
export function overdueJob(ports: CollaborationPorts): PluginJob {
  return { isReconciled: true, find: findOverdue, run: (work) => settleOverdue(ports, work) }
}

async function settleOverdue(ports: CollaborationPorts, { workspace, id }: PluginWork): Promise<void> {
  if (id === undefined) return
  await inWorkspace(ports.context.database, { workspace, retry: true }, (tx) => settle(ports, tx, id))
}

async function settle(ports: CollaborationPorts, tx: Tx, id: string): Promise<void> {
  const found = await findDelegation(tx, id)
  const session = found && (await holdCollaboration(tx, found.collaboration))
  if (session?.state !== 'running') return
  // Again, now that nobody else changes it.
  const delegation = await findDelegation(tx, id)
  if (delegation === undefined || delegation.deadline === null || delegation.endedAt !== null) return
  if (Date.parse(delegation.deadline) > ports.context.clock.now()) return
  const step = await findOpenTurn(tx, id)
  const hasBegun = step !== undefined && (await ports.steps.hasBegun(tx, step))
  await missDelegated(ports, tx, session, { delegation, failure: hasBegun ? BEGUN : LATE })
}
