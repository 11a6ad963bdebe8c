import { sql } from 'drizzle-orm'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'

/** The active reviewers, by what each was bound to when it was asked last. */
export function listBoundReviewers(tx: Tx): Promise<readonly { readonly reviewer: string; readonly by: string }[]> {
  return rowsOf(
    tx,
    sql`select r.agent_id as reviewer, v.made_by as by from reviewers r cross join lateral (
          select made_by from reviews where workspace_id = r.workspace_id and reviewer_id = r.agent_id
          order by created_at desc limit 1) as v
        where r.workspace_id = ${tx.workspace} and r.state = 'active' order by r.agent_id`,
  )
}
