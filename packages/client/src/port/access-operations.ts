import type {
  ApiKey,
  ApiKeyRequest,
  CreatedApiKey,
  KeyRotation,
  Membership,
  Workspace,
  WorkspaceRequest,
} from '../resources/administration.ts'
import type { Page, PageQuery } from '../resources/page.ts'
import type { Role } from './principal.ts'

/** API keys. */
export interface KeyOperations {
  create(request: ApiKeyRequest): Promise<CreatedApiKey>
  list(query?: PageQuery): Promise<Page<ApiKey>>
  /**
   * Makes a key for the same principal with the same roles, scopes and agents, for as long as the old one was made for;
   * the old one ends after the overlap, and then or before as it would have.
   *
   * @throws GovernanceError `CONFLICT` when it was revoked, has expired or was rotated before, `INPUT_INVALID`,
   * `PERMISSION_DENIED`, `NOT_FOUND`.
   */
  rotate(id: string, rotation?: KeyRotation): Promise<CreatedApiKey>
  revoke(id: string): Promise<ApiKey>
}

/** Users of the workspace. */
export interface MemberOperations {
  /** Adds a user, or changes name and roles. @throws GovernanceError `CONFLICT` for the last administrator losing that role. */
  put(userId: string, member: { readonly displayName: string; readonly roles: readonly Role[] }): Promise<Membership>
  list(query?: PageQuery): Promise<Page<Membership>>
  /**
   * Removes a user, with every key: what the user has open ends within 5 s.
   *
   * @throws GovernanceError `CONFLICT` for the last administrator, `PERMISSION_DENIED` for oneself, `NOT_FOUND`.
   */
  remove(userId: string): Promise<Membership>
}

/** Workspaces, for the system principal only. */
export interface WorkspaceOperations {
  /** @throws GovernanceError `CONFLICT` when there is one of this id, `INPUT_INVALID`, `PERMISSION_DENIED`. */
  create(request: WorkspaceRequest): Promise<Workspace>
  /** By id. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  list(query?: PageQuery): Promise<Page<Workspace>>
}
