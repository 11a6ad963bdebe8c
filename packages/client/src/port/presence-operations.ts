import type {
  HeartbeatAnswer,
  HeartbeatOptions,
  Presence,
  PresenceSession,
  PresenceState,
} from '../resources/administration.ts'
import type { Page, PageQuery } from '../resources/page.ts'

/** Who can supervise now. Online until 5 min after the last activity, away until 15 min after it, by the server's clock. */
export interface PresenceOperations {
  /**
   * Records that the calling user is there and, unless `active` is false, acted just now.
   *
   * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, `NOT_FOUND` for a user who is no member.
   */
  heartbeat(heartbeat?: HeartbeatOptions): Promise<HeartbeatAnswer>
  get(userId: string): Promise<Presence>
  /** Supervisors and administrators who are online and watch fewer sessions than one person can. */
  available(): Promise<readonly Presence[]>
  /**
   * Sets the presence of a user by hand, until a time (ISO 8601) or until it is taken away; `online` lasts 8 h unless a
   * time is given, and 24 h at most. Only oneself, or an administrator.
   *
   * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`, `NOT_FOUND` for a user who is no member.
   */
  override(
    userId: string,
    override: { readonly state: PresenceState; readonly until?: string | null },
  ): Promise<Presence>
  /** Lets activity count again. @throws GovernanceError as `override`. */
  clearOverride(userId: string): Promise<Presence>
  /** Where a user is now, newest first: only one's own, or for an administrator. @throws GovernanceError `PERMISSION_DENIED`. */
  sessions(userId: string, query?: PageQuery): Promise<Page<PresenceSession>>
  /** Ends a session of one's own, or for an administrator anybody's. @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
  endSession(id: string): Promise<PresenceSession>
}
