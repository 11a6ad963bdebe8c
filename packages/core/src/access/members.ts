import { GovernanceError, type Membership, type Page, type PageQuery, type Role } from '@preceptor/client'
import { z } from 'zod'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorText, pageOf, parseLimit } from '../kernel/pagination.ts'
import { type Actor, actorName } from './actor.ts'
import { authorize } from './authorize.ts'
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
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
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

function isSelf({ principal }: Actor, userId: string): boolean {
  return principal.kind === 'user' && principal.id === userId
}

function sameRoles(left: readonly Role[], right: readonly Role[]): boolean {
  return left.length === right.length && left.every((role) => right.includes(role))
}
