import type { CollaborationMember } from '../../client/collaboration.ts'
import { isCalled } from '../members.ts'
import type { StoredDelegation } from './delegation-store.ts'

/**
 * Chooses who is given what somebody else did not do: the agent with the fewest open delegations, then the first of the
 * members. Never the lead, nobody who had it, and nobody who is never called.
 */
export function chooseMember(
  members: readonly CollaborationMember[],
  { holders }: Pick<StoredDelegation, 'holders'>,
  all: readonly Pick<StoredDelegation, 'to' | 'state'>[],
): CollaborationMember | undefined {
  const loadOf = ({ name }: CollaborationMember): number =>
    all.filter(({ to, state }) => to === name && (state === 'pending' || state === 'running')).length
  return members
    .filter((member) => isCalled(member) && member.role === 'member' && !holders.includes(member.name))
    .sort((one, other) => loadOf(one) - loadOf(other))[0]
}
