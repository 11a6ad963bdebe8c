import type { CollaborationMember } from '../client/collaboration.ts'
import type { MemberName } from '../client/member-name.ts'

/** A member that is called when it is its turn. */
export interface CalledMember extends CollaborationMember {
  readonly kind: 'agent'
  readonly action: string
}

/** The name of a member in records. */
export function memberName({ kind, id }: Pick<CollaborationMember, 'kind' | 'id'>): MemberName {
  return `${kind}:${id}`
}

export function findMember(members: readonly CollaborationMember[], name: string): CollaborationMember | undefined {
  return members.find((member) => member.name === name)
}

export function findLead(members: readonly CollaborationMember[]): CollaborationMember | undefined {
  return members.find(({ role }) => role === 'lead')
}

export function isCalled(member: CollaborationMember): member is CalledMember {
  return member.kind === 'agent' && member.action !== null
}
