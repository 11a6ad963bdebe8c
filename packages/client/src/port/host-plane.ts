import type { ChannelOperations } from './channel-operations.ts'
import type { ControlPlane, ControlScope } from './control-plane.ts'
import type { JsonObject } from './json.ts'
import type { MetricFamily } from './metrics.ts'
import type { Identity } from './principal.ts'
import type { CallerAddress } from './rate-limits.ts'
import type { RemoteGuardOperations } from './remote-guard.ts'
import type { Surface } from './vocabulary.ts'

/** A control plane that others reach over HTTP: what the REST API stands on. Only the one with the store can be one. */
export interface HostPlane extends ControlPlane {
  as(identity: Identity, surface?: Surface): HostScope
  /** What channels such as Slack and e-mail stand on: they ask for decisions and carry them, and are trusted by the host. */
  readonly channels: ChannelOperations
  /**
   * Answers a POST once for each idempotency key: runs `work` the first time, and gives its stored answer afterwards.
   * The row that makes it once is committed before `work` runs, and its answer after.
   *
   * @throws GovernanceError `IDEMPOTENCY_KEY_REUSED`, `IDEMPOTENCY_IN_FLIGHT` or `IDEMPOTENCY_SECRET`.
   */
  once(request: OnceRequest, work: () => Promise<StoredAnswer>): Promise<StoredAnswer>
  /**
   * Redeems a stream ticket, once, for the path that it was made for.
   *
   * @throws GovernanceError `CREDENTIAL_INVALID`, `RATE_LIMITED`
   */
  redeem(ticket: string, path: string, from?: CallerAddress): Promise<RedeemedTicket>
  /**
   * Says that whoever `HostScope.view` noted at a place is still there, at least once a minute; who was noted at places of
   * which nothing is heard any more is told of as gone. Gives how many are noted.
   */
  keepViewers(place: string): Promise<number>
  /**
   * Reads every metric over all workspaces: for who runs the process, and nobody else. It never throws; what the database
   * does not say within two seconds is left out.
   */
  metrics(): Promise<readonly MetricFamily[]>
}

/** Somebody comes to look at a proposal, or leaves it. */
export interface ViewerLook {
  readonly kind: 'viewer.joined' | 'viewer.left'
  /** What serves them, such as one process: a name that no other has. */
  readonly place: string
}

/** Who a stream ticket stands for. */
export interface RedeemedTicket {
  readonly identity: Identity
  /** @throws GovernanceError `CREDENTIAL_INVALID` once the credential no longer stands for what it stood for. */
  assertStanding(): Promise<void>
}

/** The scope of a plane that others reach. */
export interface HostScope extends ControlScope {
  /** What `guard` is made of where it runs in another process than the gate. */
  readonly remote: RemoteGuardOperations
  /**
   * For what a host answers by itself.
   *
   * @throws GovernanceError `PERMISSION_DENIED` unless the caller may perform the operation, such as `streams.stats`.
   */
  assertMay(operation: string): void
  /**
   * Reads every metric of the workspace; what the database does not say within two seconds is left out.
   *
   * @throws GovernanceError `PERMISSION_DENIED`
   */
  metrics(): Promise<readonly MetricFamily[]>
  /**
   * Notes that the caller, a person, opened a proposal or left it, and tells who else looks at it.
   *
   * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`.
   */
  view(proposal: string, look: ViewerLook): Promise<void>
  /**
   * Gives the ids of those who look at a proposal, through whatever process.
   *
   * @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`.
   */
  viewers(proposal: string): Promise<readonly string[]>
  /**
   * Renews the lease of the caller on a session, because its connection shows that the caller is there; ISO 8601. One that
   * has lapsed is taken anew by attaching, which is an act of a person.
   *
   * @throws GovernanceError `CONFLICT` unless the caller holds the session, `NOT_FOUND`, `PERMISSION_DENIED`.
   */
  renewLease(session: string): Promise<{ readonly leaseExpiresAt: string }>
}

/** What identifies one idempotent request. */
export interface OnceRequest {
  readonly identity: Identity
  /** Operation of the permission table, such as `agents.register`. */
  readonly operation: string
  readonly key: string
  /** SHA-256 (hex) over the request. */
  readonly requestHash: string
}

/** The answer of an idempotent request. */
export interface StoredAnswer {
  readonly status: number
  readonly body: JsonObject
  /** The answer holds a secret: it is never stored, and a repeat is refused. */
  readonly secret?: boolean
}
