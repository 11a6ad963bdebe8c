import type { JournalEntry } from '@preceptor/client'
import { rolesOf } from '../access/store.ts'
import type { Tx } from '../database/transaction.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { listApprovers, listMembersWith } from '../proposals/approver-store.ts'

const ASKS = new Set(['proposal.created', 'proposal.edited', 'proposal.returned', 'proposal.extended'])

/** Names of users, such as `user:ana`. */
export interface Concerned {
  readonly approvers?: readonly string[]
  readonly recipients?: readonly string[]
}

/** Whom an event concerns: who may decide, or whom a step names. */
export async function peopleOf(tx: Tx, entry: Pick<JournalEntry, 'kind' | 'subjectId' | 'body'>): Promise<Concerned> {
  if (ASKS.has(entry.kind)) {
    const { separationOfDuties = true } = await newestPolicyDocument(tx)
    return { approvers: named(await listApprovers(tx, { proposal: entry.subjectId, separationOfDuties })) }
  }
  if (entry.kind !== 'proposal.escalated') return {}
  const { to } = entry.body
  const user = fieldOf(to, 'user')
  if (user !== undefined) {
    // Who never was a member may be known to the host; who lost every role sees no proposal any more.
    const mayRead = (await rolesOf(tx, [user])).get(user)?.length !== 0
    return { recipients: mayRead ? named([user]) : [] }
  }
  const role = fieldOf(to, 'role')
  if (role !== 'admin' && role !== 'supervisor' && role !== 'viewer') return { recipients: [] }
  return { recipients: named(await listMembersWith(tx, role)) }
}

function named(users: readonly string[]): string[] {
  return users.map((id) => `user:${id}`)
}

/** A text of a body; undefined when it is none. */
export function fieldOf(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const field: unknown = Object.getOwnPropertyDescriptor(value, name)?.value
  return typeof field === 'string' ? field : undefined
}
