import type { Page, PageQuery, PolicyVersion } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { cursorNumber, pageOf, parseLimit } from '../kernel/pagination.ts'
import { listPolicies, newestPolicy } from './store.ts'

const BUILT_IN: PolicyVersion = {
  version: 0,
  document: {},
  reason: 'The built-in strict policy.',
  createdBy: 'system',
  createdAt: null,
}

/** The version that is in force; version 0 is the built-in strict one. */
export async function readPolicy(context: GovernorContext, actor: Actor): Promise<PolicyVersion> {
  authorize(actor, 'policies.get')
  return inWorkspace(
    context.database,
    { workspace: actor.workspace },
    async (tx) => (await newestPolicy(tx)) ?? BUILT_IN,
  )
}

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readPolicies(
  context: GovernorContext,
  actor: Actor,
  query: PageQuery,
): Promise<Page<PolicyVersion>> {
  authorize(actor, 'policies.list')
  const limit = parseLimit(query.limit)
  const below = cursorNumber(query.cursor) ?? 2_147_483_647
  const policies = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listPolicies(tx, { below, limit }),
  )
  return pageOf(policies, limit, ({ version }) => [version])
}
