import type { ChannelVisitor, Identity } from '@preceptor/client'
import { findStanding } from '../access/store.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'

const LONGEST = 200

/**
 * Who a channel's visitor is, with the roles of now; undefined for who is no member. A verified token lets in who is none,
 * but a channel verifies less: it knows an account elsewhere, or a mailbox.
 */
export async function identifyMember(
  context: Pick<GovernorContext, 'database' | 'settings'>,
  { workspace, user, credential }: ChannelVisitor,
): Promise<Identity | undefined> {
  if (user.length === 0 || user.length > LONGEST) return undefined
  const scope = { workspace: '*', role: 'system', deadlineMs: context.settings.deadlineMs } as const
  const standing = await inWorkspace(context.database, scope, (tx) => findStanding(tx, { workspace, userId: user }))
  const roles = standing?.roles ?? null
  if (roles === null) return undefined
  return { workspace, principal: { kind: 'user', id: user, roles, credential }, source: 'manual' }
}
