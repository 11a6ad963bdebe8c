import { GovernanceError } from '@preceptor/client'
import { type Actor, actorName, inWorkspace, recordNotFound, type Tx } from '@preceptor/core/plugin'
import type { Collaboration, CollaborationMember, CollaborationMemberRequest } from '../client/collaboration.ts'
import type { MemberName } from '../client/member-name.ts'
import type { CollaborationPorts } from '../ports/collaboration-ports.ts'
import { getVisible, holdVisible } from './assert-role.ts'
import { deleteMember, insertMember } from './collaboration-store.ts'
import { assertMember } from './create-collaboration.ts'
import { findLead, findMember } from './members.ts'
import { MOST_MEMBERS, parseMember, parseMemberName } from './parse-collaboration.ts'
import { type StoredCollaboration, shownCollaboration } from './stored-collaboration.ts'
import { parseId } from './texts.ts'

/**
 * Adds a member to a collaboration that has not begun.
 *
 * @throws GovernanceError `CONFLICT`, `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function joinCollaboration(
  ports: CollaborationPorts,
  actor: Actor,
  request: { readonly id: string; readonly member: CollaborationMemberRequest },
): Promise<Collaboration> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.collaborations.join')
  const id = parseId(request.id)
  const member = parseMember(request.member)
  if (member.kind === 'agent') {
    authorizer.authorize(actor, 'orchestration.collaborations.join', { agent: member.id })
  }
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const { members } = await holdOpen(tx, actor, id)
    if (members.length >= MOST_MEMBERS) throw conflict(`${id} has ${MOST_MEMBERS} members`)
    if (member.role === 'lead' && findLead(members) !== undefined) throw conflict(`${id} has a lead`)
    await assertMember(tx, member)
    if (!(await insertMember(tx, id, member))) throw conflict(`${member.name} is a member of ${id}`)
    return changed(ports, tx, { actor, id, member, kind: 'collaboration.member_joined' })
  })
}

/**
 * Takes a member out of a collaboration that has not begun.
 *
 * @throws GovernanceError `CONFLICT`, `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function leaveCollaboration(
  ports: CollaborationPorts,
  actor: Actor,
  request: { readonly id: string; readonly member: MemberName },
): Promise<Collaboration> {
  const { authorizer, context } = ports
  authorizer.authorize(actor, 'orchestration.collaborations.leave')
  const id = parseId(request.id)
  const name = parseMemberName(request.member)
  return inWorkspace(context.database, { workspace: actor.workspace, retry: true }, async (tx) => {
    const { members } = await holdOpen(tx, actor, id)
    const member = findMember(members, name)
    if (member === undefined || !(await deleteMember(tx, id, member))) throw recordNotFound(`member of ${id}`, name)
    return changed(ports, tx, { actor, id, member, kind: 'collaboration.member_left' })
  })
}

async function holdOpen(tx: Tx, actor: Actor, id: string): Promise<StoredCollaboration> {
  const found = await holdVisible(tx, actor, id)
  if (found.state !== 'open') throw conflict(`${id} is ${found.state}: its members are fixed`)
  return found
}

async function changed(
  { context }: CollaborationPorts,
  tx: Tx,
  change: {
    readonly actor: Actor
    readonly id: string
    readonly member: CollaborationMember
    readonly kind: 'collaboration.member_joined' | 'collaboration.member_left'
  },
): Promise<Collaboration> {
  const { actor, id, kind, member } = change
  const { name, role, action } = member
  const body = { actor: actorName(actor), member: name, role, action }
  const agent = member.kind === 'agent' ? { agent: member.id } : {}
  await context.journal.append(tx, { kind, subject: id, ...agent, body })
  return shownCollaboration(await getVisible(tx, actor, id))
}

function conflict(problem: string): GovernanceError {
  return new GovernanceError('CONFLICT', { message: `The collaboration ${problem}.` })
}
