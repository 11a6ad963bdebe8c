import type { ProposalComment } from '@preceptor/client'
import { sql } from 'drizzle-orm'
import { countOf, isoOf, rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import type { TimePlace } from '../kernel/pagination.ts'

/** Writes a comment. */
export async function insertComment(tx: Tx, comment: ProposalComment): Promise<void> {
  await countOf(
    tx,
    sql`insert into proposal_comments (id, workspace_id, proposal_id, author, text, created_at)
        values (${comment.id}, ${tx.workspace}, ${comment.proposalId}, ${comment.author}, ${comment.text},
          ${comment.createdAt})`,
  )
}

interface CommentRow {
  readonly id: string
  readonly proposal_id: string
  readonly author: string
  readonly text: string
  readonly created_at: string
}

/** Reads a page of the comments on a proposal, oldest first, one more than the limit. */
export async function listComments(
  tx: Tx,
  query: { readonly proposal: string; readonly after: TimePlace | null; readonly limit: number },
): Promise<readonly ProposalComment[]> {
  const rows = await rowsOf<CommentRow>(
    tx,
    sql`select id, proposal_id, author, text, created_at from proposal_comments
        where workspace_id = ${tx.workspace} and proposal_id = ${query.proposal}
          and (${query.after?.at ?? null}::timestamptz is null
            or (created_at, id) > (${query.after?.at ?? null}::timestamptz, ${query.after?.id ?? null}))
        order by created_at, id limit ${query.limit + 1}`,
  )
  return rows.map((row) => ({
    id: row.id,
    proposalId: row.proposal_id,
    author: row.author,
    text: row.text,
    createdAt: isoOf(row.created_at),
  }))
}
