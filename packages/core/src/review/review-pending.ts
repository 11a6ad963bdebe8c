import { GovernanceError } from '@preceptor/client'
import { inWorkspace } from '../database/transaction.ts'
import { isoTime } from '../kernel/clock.ts'
import { newestPolicyDocument } from '../policy/newest-policy-document.ts'
import { ASKED_BY, type ReviewDependencies } from './review-dependencies.ts'
import { listUnreviewed } from './review-store.ts'
import { reviewVersion } from './review-version.ts'

// Proposals that nobody here may review must not keep the others back.
const LOOKED_AT = 100

/**
 * Lets the reviewers of this process look at pending proposals of safe and medium risk that none has looked at, at most
 * `limit` at once, in the workspaces whose policy says `review.automatic`; gives how many.
 *
 * @throws GovernanceError the code of a fault.
 */
export async function reviewPending(dependencies: ReviewDependencies, limit: number): Promise<number> {
  const { context, reviewers, workspaces } = dependencies
  let total = 0
  for (const workspace of workspaces) {
    if (reviewers.of(workspace).size === 0) continue
    const due = await inWorkspace(context.database, { workspace }, async (tx) => {
      const { review } = await newestPolicyDocument(tx)
      if (review?.automatic !== true) return []
      return listUnreviewed(tx, { at: isoTime(context.clock.now()), limit: LOOKED_AT })
    })
    total += await reviewSome(dependencies, { workspace, due, limit })
  }
  return total
}

async function reviewSome(
  dependencies: ReviewDependencies,
  { workspace, due, limit }: { readonly workspace: string; readonly due: readonly string[]; readonly limit: number },
): Promise<number> {
  let reviewed = 0
  for (let start = 0; start < due.length && reviewed < limit; start += limit) {
    const some = due.slice(start, start + limit)
    const results = await Promise.all(some.map((id) => reviewOne(dependencies, workspace, id)))
    reviewed += results.filter(Boolean).length
  }
  return reviewed
}

/** False when nobody may review it, or somebody was faster. What fails keeps no other back. */
async function reviewOne(dependencies: ReviewDependencies, workspace: string, id: string): Promise<boolean> {
  try {
    await reviewVersion(dependencies, { workspace, id, askedBy: ASKED_BY })
    return true
  } catch (error) {
    const isExpected =
      GovernanceError.isInstance(error) && ['CONFLICT', 'LIMIT_EXCEEDED', 'PROPOSAL_DECIDED'].includes(error.code)
    if (!isExpected) {
      const message = `There is no review of ${id} yet: ${String(error)}`
      dependencies.context.report({ level: 'warn', code: 'NOTICE', message })
    }
    return false
  }
}
