import { isoTime, type Tx } from '@preceptor/core/plugin'
import type { CollaborationMember } from '../../client/collaboration.ts'
import type { CollaborationPorts } from '../../ports/collaboration-ports.ts'
import type { StoredCollaboration } from '../stored-collaboration.ts'
import { insertDelegation } from './delegation-store.ts'

/** What is delegated. */
export interface DelegationDraft {
  readonly to: CollaborationMember
  /** Name of who delegates. */
  readonly from: string
  readonly task: string
  readonly priority: number
  readonly deadlineSeconds: number | null
}

/** Writes a delegation that nobody has begun; gives its id. */
export async function addDelegation(
  { context }: CollaborationPorts,
  tx: Tx,
  { id: collaboration }: StoredCollaboration,
  { to, from, task, priority, deadlineSeconds }: DelegationDraft,
): Promise<string> {
  const { clock, ids, journal } = context
  const now = clock.now()
  const id = ids.next('dlg')
  const deadline = deadlineFrom(now, deadlineSeconds)
  const member = { kind: to.kind, id: to.id }
  const createdAt = isoTime(now)
  await insertDelegation(tx, { id, collaboration, from, member, task, priority, deadlineSeconds, deadline, createdAt })
  await journal.append(tx, {
    kind: 'delegation.created',
    subject: id,
    ...(to.kind === 'agent' ? { agent: to.id } : {}),
    body: { actor: from, collaboration, to: to.name, priority, deadline },
  })
  return id
}

/** The deadline of what somebody has so many seconds for, from now on. */
export function deadlineFrom(now: number, seconds: number | null): string | null {
  return seconds === null ? null : isoTime(now + seconds * 1_000)
}
