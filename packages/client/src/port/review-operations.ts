import type { AgentReview, Reviewer } from '../resources/agent-review.ts'
import type { Page, PageQuery } from '../resources/page.ts'
import type { RecordQuery } from '../resources/records.ts'

/** What autonomous reviewers said; `state` is `asked` or `completed`. */
export interface ReviewOperations {
  /** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
  get(id: string): Promise<AgentReview>
  list(query?: RecordQuery): Promise<Page<AgentReview>>
}

/** The autonomous reviewers of a workspace. */
export interface ReviewerOperations {
  list(query?: PageQuery): Promise<Page<Reviewer>>
  /** Lets it review no more, and takes back what it approved and has not run. @throws GovernanceError `CONFLICT`, `NOT_FOUND`. */
  suspend(agent: string, reason: string): Promise<Reviewer>
  /** Lets it review again, from a new record; an administrator who has no hand in the agent. @throws GovernanceError as `suspend`. */
  resume(agent: string, reason: string): Promise<Reviewer>
}
