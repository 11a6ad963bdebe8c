import type { Page } from '../resources/page.ts'
import type { RecordQuery } from '../resources/records.ts'
import type {
  InterventionRequest,
  SessionEvent,
  SessionEventQuery,
  SessionFollowing,
  SessionRating,
  SupervisionSession,
  SupervisionSessionDetail,
} from '../resources/supervision.ts'

/** Supervision sessions; a session runs no step until a supervisor attaches. */
export interface SessionOperations {
  /** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
  get(id: string): Promise<SupervisionSessionDetail>
  list(query?: RecordQuery): Promise<Page<SupervisionSession>>
  /** Attaches the calling supervisor, or renews the lease; hold it by calling again every 10 s. */
  attach(id: string): Promise<SupervisionSession>
  /**
   * Pauses, resumes, corrects or terminates the run; only who holds the session, or an administrator.
   *
   * @throws GovernanceError `CONFLICT` in a state that does not allow it, `ARGS_INVALID` for args that do not fit,
   * `NOT_FOUND`, `PERMISSION_DENIED`.
   */
  intervene(id: string, intervention: InterventionRequest): Promise<SupervisionSessionDetail>
  /** Withholds a step that was announced and has not begun, and pauses the run. */
  object(id: string, objection: { readonly step: string; readonly reason: string }): Promise<SupervisionSessionDetail>
  /** Lets another supervisor take the session while the own lease goes on. */
  handOver(id: string, to: string): Promise<SupervisionSession>
  /** Takes a session that somebody else holds: from an agent any supervisor, from a person an administrator. */
  takeOver(id: string, reason: string): Promise<SupervisionSession>
  /**
   * Rates a session, once, by somebody who held it; one that is open and has nothing under way is completed by it.
   *
   * @throws GovernanceError `CONFLICT` when it was rated, was not completed, or ended more than 7 days ago,
   * `PERMISSION_DENIED` for who never held it, `NOT_FOUND`.
   */
  complete(id: string, rating: SessionRating): Promise<SupervisionSession>
  /** What happened and what the run told, in order. */
  events(id: string, query?: SessionEventQuery): Promise<{ readonly items: readonly SessionEvent[] }>
  /**
   * Follows the same as it comes, from the beginning or from where it was left, until the session is over.
   *
   * @throws GovernanceError while it is iterated: `INPUT_INVALID` for a number that the session has not reached,
   * `NOT_FOUND`, `PERMISSION_DENIED`.
   * @example
   * ```ts
   * import type { ControlScope } from '@preceptor/client'
   *
   * export async function tail(scope: ControlScope, session: string): Promise<void> {
   *   for await (const { kind, body } of scope.sessions.follow(session)) console.log(kind, body)
   * }
   * ```
   */
  follow(id: string, following?: SessionFollowing): AsyncIterable<SessionEvent>
}
