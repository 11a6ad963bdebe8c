import type { Page, PageQuery } from '../resources/page.ts'
import type {
  EffectivePlaybook,
  Playbook,
  PlaybookDeployment,
  PlaybookDeploymentQuery,
  PlaybookDeploymentRequest,
  PlaybookDiff,
  PlaybookDiffQuery,
  PlaybookQuery,
  PlaybookRollback,
  PlaybookUse,
  PlaybookVersion,
  PlaybookVersionSummary,
  PlaybookWriting,
} from '../resources/playbooks.ts'

/** Playbooks: what types of agents have learned, and which version of it their runtimes load. */
export interface PlaybookOperations {
  /** Newest first. @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`. */
  list(query?: PlaybookQuery): Promise<Page<Playbook>>
  /** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
  get(id: string): Promise<Playbook>
  /** @throws GovernanceError `NOT_FOUND`, `PERMISSION_DENIED`. */
  version(id: string, version: number): Promise<PlaybookVersion>
  /** Without their texts, newest first. @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`. */
  versions(id: string, query?: PageQuery): Promise<Page<PlaybookVersionSummary>>
  /** Writes the next version. @throws GovernanceError `CONFLICT`, `INPUT_INVALID`, `PERMISSION_DENIED`. */
  write(writing: PlaybookWriting): Promise<PlaybookVersion>
  /** @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`. */
  diff(id: string, versions?: PlaybookDiffQuery): Promise<PlaybookDiff>
  /**
   * Deploys a version. With share 1 it takes the place of what is active at its tier and target, a canary included.
   *
   * @throws GovernanceError `PLAYBOOK_UNTESTED` without `force`, `CONFLICT` when something else is active than the caller
   * knows, or that very version already; `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`.
   */
  deploy(id: string, request: PlaybookDeploymentRequest): Promise<PlaybookDeployment>
  /**
   * Ends an active deployment; what it replaced is deployed again.
   *
   * @throws GovernanceError `CONFLICT` when it is not active, `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`.
   */
  rollback(deployment: string, reason: string): Promise<PlaybookRollback>
  /** The history, newest first. @throws GovernanceError `NOT_FOUND`, `INPUT_INVALID`, `PERMISSION_DENIED`. */
  deployments(id: string, query?: PlaybookDeploymentQuery): Promise<Page<PlaybookDeployment>>
  /**
   * What a runtime is to use now; null where nothing is deployed for it.
   *
   * @throws GovernanceError `INPUT_INVALID`, `PERMISSION_DENIED`.
   */
  effective(use: PlaybookUse): Promise<EffectivePlaybook | null>
}
