import type { ErrorCode } from '../errors/error-codes.ts'
import type { PageQuery } from './page.ts'
import type { Proposal, RejectionCategory, ReviewedVersion } from './records.ts'

/** A longer time to decide in. */
export interface ProposalExtension extends ReviewedVersion {
  /** ISO 8601; at most 7 days after the proposal was made. */
  readonly until: string
}

/** A note of one reviewer for the others. */
export interface ProposalComment {
  readonly id: string
  readonly proposalId: string
  /** Name of the principal, such as `user:ana`. */
  readonly author: string
  readonly text: string
  readonly createdAt: string
}

/** One proposal of a batch, by the version that was shown. */
export interface BatchedProposal extends ReviewedVersion {
  readonly id: string
}

/** The same decision on several proposals that are alike. */
export interface ProposalBatch {
  readonly decision: 'approve' | 'reject'
  /** At most 50, of one agent, action and policy version, of medium risk at most, each needing one approval. */
  readonly items: readonly BatchedProposal[]
  /** Needed to reject. */
  readonly category?: RejectionCategory
  /** Needed to reject. */
  readonly reason?: string
}

/** What a batch came to, for each proposal in the order in which they were given. */
export interface ProposalBatchResult {
  readonly items: readonly ProposalBatchItem[]
}

/** What one proposal of a batch came to. */
export type ProposalBatchItem =
  | { readonly id: string; readonly result: 'decided'; readonly proposal: Proposal }
  | {
      readonly id: string
      readonly result: 'refused'
      readonly problem: { readonly code: ErrorCode; readonly message: string }
    }

/** Filters of what was decided on the proposals of an agent. */
export interface ProposalHistoryQuery extends PageQuery {
  readonly action?: string
}
