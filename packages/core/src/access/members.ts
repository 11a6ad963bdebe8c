import { GovernanceError, type Membership, type Page, type PageQuery, type Role } from '@preceptor/client'
import { z } from 'zod'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorText, pageOf, parseLimit } from '../kernel/pagination.ts'
import type { AccessContext } from './access-context.ts'
import { type Actor, actorName } from './actor.ts'
import { authorize } from './authorize.ts'
import { deleteMember, holdAdministrators, revokeKeysOf } from './departure-store.ts'
import { parseInput } from './parse-input.ts'
import { findMember, listMembers, upsertMember } from './store.ts'

const input = z.strictObject({
  userId: z.string().min(1).max(200),
  displayName: z.string().min(1).max(200),
  roles: z.array(z.enum(['admin', 'supervisor', 'viewer'])).max(3),
})

/**
 * Adds a user to the workspace, or changes name and roles; nobody changes own roles. New roles act within a second.
 *
 * @throws GovernanceError `CONFLICT` for the last administrator losing that role, `INPUT_INVALID`, `PERMISSION_DENIED`, or
 * the code of a fault.
 */
export async function putMember(
  context: GovernorContext,
  actor: Actor,
  request: { readonly userId: string; readonly displayName: string; readonly roles: readonly Role[] },
): Promise<Membership> {
  authorize(actor, 'members.put')
  const parsed = parseInput(input, request, 'member')
  const member = { ...parsed, roles: [...new Set(parsed.roles)].sort(), createdAt: isoTime(context.clock.now()) }
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    const before = await findMember(tx, member.userId)
    if (isSelf(actor, member.userId) && !sameRoles(before?.roles ?? actor.principal.roles, member.roles)) {
      throw new GovernanceError('PERMISSION_DENIED', {
        message: 'Nobody changes own roles.',
        hint: 'Ask another administrator.',
      })
    }
    if (!member.roles.includes('admin')) await assertOtherAdministrator(tx, member.userId)
    const after = await upsertMember(tx, member)
    await context.journal.append(tx, {
      kind: 'member.changed',
      subject: member.userId,
      body: {
        actor: actorName(actor),
        displayName: after.displayName,
        roles: after.roles,
        before: before?.roles ?? null,
      },
    })
    return after
  })
}

/**
 * Removes a user from the workspace and revokes every key of the user: requests are refused within a second, and what is
 * open ends within 5 s. Who comes back later begins without a key.
 *
 * @throws GovernanceError `CONFLICT` for the last administrator, `PERMISSION_DENIED` for oneself, `NOT_FOUND`, or the code
 * of a fault.
 */
export async function removeMember(context: AccessContext, actor: Actor, userId: string): Promise<Membership> {
  authorize(actor, 'members.remove')
  if (isSelf(actor, userId)) {
    throw new GovernanceError('PERMISSION_DENIED', {
      message: 'Nobody removes oneself.',
      hint: 'Ask another administrator.',
    })
  }
  return inWorkspace(context.database, { workspace: actor.workspace }, async (tx) => {
    await assertOtherAdministrator(tx, userId)
    const member = await findMember(tx, userId)
    // Removed by somebody else in between, it is not there either.
    if (member === undefined || !(await deleteMember(tx, userId))) {
      throw new GovernanceError('NOT_FOUND', { message: 'There is no such member in this workspace.' })
    }
    const keys = await revokeKeysOf(tx, userId, isoTime(context.clock.now()))
    tx.afterCommit(() => {
      for (const key of keys) context.identities.forget(key)
    })
    await context.journal.append(tx, {
      kind: 'member.removed',
      subject: userId,
      body: { actor: actorName(actor), displayName: member.displayName, before: member.roles, keys },
    })
    return member
  })
}

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readMembers(context: GovernorContext, actor: Actor, query: PageQuery): Promise<Page<Membership>> {
  authorize(actor, 'members.list')
  const limit = parseLimit(query.limit)
  const after = cursorText(query.cursor)
  const members = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listMembers(tx, { after, limit }),
  )
  return pageOf(members, limit, ({ userId }) => [userId])
}

/**
 * A workspace that nobody administers could only be mended past the product.
 *
 * @throws GovernanceError `CONFLICT`
 */
async function assertOtherAdministrator(tx: Tx, userId: string): Promise<void> {
  const administrators = await holdAdministrators(tx)
  if (administrators.length !== 1 || administrators[0] !== userId) return
  throw new GovernanceError('CONFLICT', {
    message: `${JSON.stringify(userId)} is the last administrator of this workspace.`,
    hint: 'Give somebody else the role admin first.',
  })
}

function isSelf({ principal }: Actor, userId: string): boolean {
  return principal.kind === 'user' && principal.id === userId
}

function sameRoles(left: readonly Role[], right: readonly Role[]): boolean {
  return left.length === right.length && left.every((role) => right.includes(role))
}
