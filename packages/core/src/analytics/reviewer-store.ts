import { sql } from 'drizzle-orm'
import { rowsOf } from '../database/rows.ts'
import type { Tx } from '../database/transaction.ts'
import { activityOf } from './activity-store.ts'
import type { Analysis } from './analysis.ts'
import { quantileOf, type Step } from './distribution.ts'
import { sumOf } from './share.ts'

/** What one reviewer decided. */
export interface ReviewerCount {
  readonly reviewer: string
  readonly displayName: string | null
  readonly approved: number
  readonly edited: number
  readonly rejected: number
  readonly responded: number
  readonly medianSeconds: number
  /** Decided within less time than it takes to read. */
  readonly fast: number
  /** Those of them that approved without an edit. */
  readonly fastApproved: number
}

/** What a reviewer decided, before the names are known. */
type Counted = Omit<ReviewerCount, 'displayName'>

/**
 * Counts what reviewers decided in a range, those with the most decisions first. The time of a decision goes from the
 * first look that is on record, else from the making of the version that was there to be looked at.
 */
export async function countReviews(
  tx: Tx,
  analysis: Analysis,
  { limit }: { readonly limit: number },
): Promise<readonly ReviewerCount[]> {
  const rows = await rowsOf<Step & { readonly verdict: Verdict; readonly reviewer: string }>(
    tx,
    sql`select split_part(o.facet, '/', 1) as verdict, substr(o.facet, strpos(o.facet, '/') + 1) as reviewer, o.step,
          sum(o.count)::int as count, sum(o.seconds)::float8 as seconds
        from (${activityOf(tx, 'review', analysis)}) as o group by 1, 2, 3`,
  )
  const counted = [...new Set(rows.map(({ reviewer }) => reviewer))]
    .map((reviewer) =>
      countOfReviewer(
        reviewer,
        rows.filter((row) => row.reviewer === reviewer),
      ),
    )
    .sort((a, b) => decisionsOf(b) - decisionsOf(a) || (a.reviewer < b.reviewer ? -1 : 1))
    .slice(0, limit)
  const names = await readNames(tx, counted)
  return counted.map((one) => ({ ...one, displayName: names.get(one.reviewer) ?? null }))
}

type Verdict = 'approve' | 'edit' | 'reject' | 'respond'

const decisionsOf = ({ approved, edited, rejected, responded }: Counted): number =>
  approved + edited + rejected + responded

function countOfReviewer(reviewer: string, rows: readonly (Step & { readonly verdict: Verdict })[]): Counted {
  const of = (verdict: Verdict | null, isCounted: (row: Step) => boolean = () => true): number =>
    sumOf(rows.filter((row) => (verdict === null || row.verdict === verdict) && isCounted(row)))
  return {
    reviewer,
    approved: of('approve'),
    edited: of('edit'),
    rejected: of('reject'),
    responded: of('respond'),
    medianSeconds: quantileOf(together(rows), 0.5, 'between') ?? 0,
    fast: of(null, isFast),
    fastApproved: of('approve', isFast),
  }
}

// The steps are counted from there on.
const isFast = ({ step }: Step): boolean => step < 0

/** The steps of all verdicts. */
function together(rows: readonly Step[]): readonly Step[] {
  return [...new Set(rows.map(({ step }) => step))].map((step) => {
    const own = rows.filter((row) => row.step === step)
    return { step, count: sumOf(own), seconds: own.reduce((sum, { seconds }) => sum + seconds, 0) }
  })
}

async function readNames(tx: Tx, counted: readonly Counted[]): Promise<ReadonlyMap<string, string>> {
  const rows = await rowsOf<{ readonly reviewer: string; readonly name: string }>(
    tx,
    sql`select c.reviewer, coalesce(m.display_name, a.display_name) as name
        from unnest(${sql.param(counted.map(({ reviewer }) => reviewer))}::text[]) as c (reviewer)
        left join memberships m on m.workspace_id = ${tx.workspace} and 'user:' || m.user_id = c.reviewer
        left join agents a on a.workspace_id = ${tx.workspace} and 'agent:' || a.id = c.reviewer
        where coalesce(m.display_name, a.display_name) is not null`,
  )
  return new Map(rows.map(({ reviewer, name }) => [reviewer, name]))
}
