import type { PageQuery } from './page.ts'

/** How far a deployment reaches: everybody of the workspace, one user, or one project; the narrower wins. */
export type PlaybookTier = 'system' | 'user' | 'project'

/** States of a deployment; the last two are final. */
export type PlaybookDeploymentState = 'active' | 'replaced' | 'rolled_back'

/** What a type of agents has learned, in versions; a workspace has one for each type. */
export interface Playbook {
  readonly id: string
  readonly agentType: string
  readonly name: string | null
  /** Number of the newest version; it need not be deployed. */
  readonly latest: number
  readonly createdBy: string
  readonly createdAt: string
}

/** One example of a playbook. A viewer sees neither texts nor note. */
export interface PlaybookExample {
  readonly input: string
  readonly output: string
  readonly note?: string
  /** Id of what it was taken from, such as a proposal or an intervention. */
  readonly source?: string
}

/** How a version did on held-out cases, against another one or against none. */
export interface PlaybookTest {
  /** The version that it was compared with; null: the same agent without a playbook. */
  readonly against: number | null
  /** Number of cases that both answered. */
  readonly cases: number
  /** Mean score without it, or under the other version, in points. */
  readonly before: number
  /** Mean score under it, in points. */
  readonly after: number
  /** `after - before`, in points. */
  readonly improvement: number
  /** Probability of such a difference by chance, 0 to 1. */
  readonly p: number
  /** What the improvement lies between, in points. */
  readonly interval: readonly [low: number, high: number]
  /** Name of the test, such as `sign` or `bootstrap`. */
  readonly method: string
  /** ISO 8601, UTC. */
  readonly testedAt: string
}

/** One version of a playbook; only its test is recorded later, once. */
export interface PlaybookVersion {
  /** Id of the playbook. */
  readonly playbook: string
  readonly agentType: string
  /** From 1 on. */
  readonly version: number
  /** The version that it was made from; null: from none. */
  readonly parent: number | null
  readonly instructions: string
  readonly examples: readonly PlaybookExample[]
  readonly note: string | null
  readonly createdBy: string
  readonly createdAt: string
  readonly test: PlaybookTest | null
}

/** A version in a list: without its texts. */
export interface PlaybookVersionSummary extends Omit<PlaybookVersion, 'instructions' | 'examples'> {
  /** How many examples it has. */
  readonly examples: number
}

/** What writes the next version of a playbook; the first one makes the playbook. */
export interface PlaybookWriting {
  /** Lower case letters, digits, `.`, `_`, `-`, at most 64: `engineer`, `version_control`. */
  readonly agentType: string
  /** At most 128 characters; what is not given stays as it is. */
  readonly name?: string
  /** 1 to 32,000 characters in at most 1,000 lines. */
  readonly instructions: string
  /** At most 100, each input once; with the instructions at most 200,000 characters. */
  readonly examples?: readonly PlaybookExample[]
  /** What changed and why, at most 1,000 characters. */
  readonly note?: string
  /** The version that it was made from; default: the newest. */
  readonly parent?: number
  /** The newest version as its author knows it, 0 for none; another one in between is a conflict. Default: whatever it is. */
  readonly basedOn?: number
}

/** Filters of the list of playbooks. */
export interface PlaybookQuery extends PageQuery {
  readonly agentType?: string
}

/** A line of the instructions, in the order of both versions. */
export interface PlaybookDiffLine {
  readonly change: 'kept' | 'added' | 'removed'
  readonly line: string
}

/** What differs between two versions of a playbook. */
export interface PlaybookDiff {
  readonly playbook: string
  /** Null: nothing, from which everything is new. */
  readonly from: number | null
  readonly to: number
  readonly instructions: readonly PlaybookDiffLine[]
  /** Examples are the same by their input. */
  readonly examples: {
    readonly added: readonly PlaybookExample[]
    readonly removed: readonly PlaybookExample[]
    readonly changed: readonly { readonly from: PlaybookExample; readonly to: PlaybookExample }[]
  }
}

/** The versions that are compared. */
export interface PlaybookDiffQuery {
  /** Default: the parent of `to`. */
  readonly from?: number
  /** Default: the newest. */
  readonly to?: number
}

/** One deployment of a version. */
export interface PlaybookDeployment {
  readonly id: string
  readonly playbook: string
  readonly agentType: string
  readonly version: number
  readonly tier: PlaybookTier
  /** Id of the user or name of the project; null at the tier `system`. */
  readonly target: string | null
  /** Above 0, at most 1: the part of the units that it reaches. Below 1 it is a canary. */
  readonly share: number
  readonly state: PlaybookDeploymentState
  /** Whether its version had no test when it was deployed. */
  readonly untested: boolean
  /** The deployment that stood in its place before, and comes back when it is rolled back; null: none. */
  readonly replaces: string | null
  /** The deployment that it brought back, where a rollback made it. */
  readonly restores: string | null
  readonly deployedBy: string
  readonly deployedAt: string
  readonly reason: string
  readonly endedBy: string | null
  readonly endedAt: string | null
  readonly endReason: string | null
}

/** What deploys a version. */
export interface PlaybookDeploymentRequest {
  readonly version: number
  readonly tier: PlaybookTier
  /** Id of the user or name of the project, at most 200 characters; none at the tier `system`. */
  readonly target?: string
  /** Above 0, at most 1; default 1. Below 1 the version stands beside what is active, as a canary. */
  readonly share?: number
  readonly reason: string
  /** Deploys a version that has no test; that is recorded. Default false. */
  readonly force?: boolean
  /**
   * The version with share 1 at this tier and target as the caller knows it, null for none; another one is a conflict.
   * Default: whatever it is.
   */
  readonly basedOn?: number | null
}

/** Filters of the history of deployments. */
export interface PlaybookDeploymentQuery extends PageQuery {
  readonly tier?: PlaybookTier
  readonly target?: string
  readonly state?: PlaybookDeploymentState
}

/** What a rollback did. */
export interface PlaybookRollback {
  readonly rolledBack: PlaybookDeployment
  /** The new deployment of what was active before; null where nothing was, and after a canary. */
  readonly restored: PlaybookDeployment | null
}

/** For whom a runtime asks. */
export interface PlaybookUse {
  readonly agentType: string
  /** Id of the agent; an agent may ask only for itself, which is the default of its own credential. */
  readonly agent?: string
  readonly user?: string
  readonly project?: string
  /** What is in a canary or is not, as a whole: the id of an agent or of a run. Default: the agent. */
  readonly unit?: string
}

/** The version that a runtime is to use. */
export interface EffectivePlaybook {
  readonly playbook: string
  readonly agentType: string
  readonly version: number
  readonly instructions: string
  readonly examples: readonly PlaybookExample[]
  readonly tier: PlaybookTier
  /** Id of the deployment. */
  readonly deployment: string
  readonly isCanary: boolean
}
