import type { CataloguedAction, Page, PageQuery } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace } from '../database/transaction.ts'
import { cursorTexts, pageOf, parseLimit } from '../kernel/pagination.ts'
import { listActions } from './store.ts'

/**
 * Reads the catalogue of the workspace, by name and digest.
 *
 * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault.
 */
export async function readActions(
  context: GovernorContext,
  actor: Actor,
  query: PageQuery,
): Promise<Page<CataloguedAction>> {
  authorize(actor, 'actions.list')
  const limit = parseLimit(query.limit)
  const [name, digest] = cursorTexts(query.cursor)
  const actions = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listActions(tx, { limit, after: { name, digest } }),
  )
  return pageOf(actions, limit, (action) => [action.name, action.digest])
}
