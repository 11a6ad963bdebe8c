import type { Bypass, Page, PageQuery } from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import { authorize } from '../access/authorize.ts'
import { recordNotFound } from '../access/record-list-query.ts'
import type { GovernorContext } from '../context.ts'
import { inWorkspace, type Tx } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { cursorTimePlace, pageOf, parseLimit } from '../kernel/pagination.ts'
import { findBypass, listBypasses } from './bypass-store.ts'

/** @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, or the code of a fault. */
export async function readBypasses(context: GovernorContext, actor: Actor, query: PageQuery): Promise<Page<Bypass>> {
  authorize(actor, 'bypasses.list')
  const limit = parseLimit(query.limit)
  const before = cursorTimePlace(query.cursor)
  const at = isoTime(context.clock.now())
  const bypasses = await inWorkspace(context.database, { workspace: actor.workspace }, (tx) =>
    listBypasses(tx, { at, before, limit }),
  )
  return pageOf(bypasses, limit, ({ setAt, id }) => [setAt, id])
}

/** @throws GovernanceError `NOT_FOUND`. */
export async function getBypass({ clock }: Pick<GovernorContext, 'clock'>, tx: Tx, id: string): Promise<Bypass> {
  const bypass = await findBypass(tx, id, isoTime(clock.now()))
  if (bypass === undefined) throw recordNotFound('bypass', id)
  return bypass
}
