import type { Maturity, PromotionExplanation, Risk } from '@preceptor/client'
import type { WindowName } from '../kernel/windows.ts'

/** Which matrix of the routing rules applies. */
export type MatrixName = 'strict' | 'graduated'

/** A limit on how often, or how much, agents may act in a window of time. What one does for another counts for both. */
export interface Limit {
  /** Recognises its counter; unique in the document. */
  readonly name: string
  /** Action that it counts; all actions when absent. */
  readonly action?: string | undefined
  /** Agents that it is for; all when absent. */
  readonly agents?: readonly string[] | undefined
  /** What is counted apart: each agent (the default), each target, or the workspace as a whole. */
  readonly scope?: 'agent' | 'target' | 'workspace' | undefined
  /** With the scope `target`, the argument that names it, such as `iban`; the resource when absent. */
  readonly target?: string | undefined
  readonly per: WindowName
  /** Most that may be used in one window: attempts, or the sum of the argument `spend`. */
  readonly most: number
  /** Argument that is summed, such as `cents`; attempts are counted when absent. */
  readonly spend?: string | undefined
}

/** When an agent is paused that keeps failing or being refused; a person resumes it. */
export interface Breaker {
  /** The failed runs and refused attempts in one window that pause it. */
  readonly failures: number
  readonly per: WindowName
}

/** What the policy says of one action; it may only make the declaration of the code stricter. */
export interface ActionRule {
  readonly risk?: Risk | undefined
  readonly ceiling?: Maturity | undefined
  /** CEL condition that must hold. */
  readonly when?: string | undefined
  readonly requiredApprovals?: number | undefined
  /** Milliseconds between its approval and its run, in which it can still be taken back. */
  readonly waitMs?: number | undefined
}

/** One versioned JSON document per workspace. */
export interface PolicyDocument {
  readonly matrix?: { readonly runs?: MatrixName | undefined; readonly actions?: MatrixName | undefined } | undefined
  readonly actions?: Readonly<Record<string, ActionRule>> | undefined
  /** By capability: decide and record, never alter the outcome. */
  readonly shadow?: readonly string[] | undefined
  readonly limits?: readonly Limit[] | undefined
  /** None unless given. */
  readonly breaker?: Breaker | undefined
  /** Milliseconds until a proposal expires. */
  readonly proposalTtlMs?: number | undefined
  /** Proposer and owner are not approvers, and an owner does not supervise the own agent; default true. */
  readonly separationOfDuties?: boolean | undefined
  /** How agents are promoted. */
  readonly promotion?:
    | {
        /** `earned` (the default) asks for evidence, `bands` for confidence alone. */
        readonly policy?: PromotionExplanation['policy'] | undefined
        /** A workspace of one person: nobody else needs to have decided, up to supervised. */
        readonly onePerson?: boolean | undefined
        /** Whether maturity is earned by the `agent` as a whole (the default), or at each `capability`. */
        readonly trust?: 'agent' | 'capability' | undefined
      }
    | undefined
  /** What the autonomous reviewer is let do. */
  readonly review?:
    | {
        /** Whether it reviews new proposals of safe and medium risk unasked; default false. */
        readonly automatic?: boolean | undefined
        /** Share of its approvals that is left to people, 0.05 to 1; default 0.05. */
        readonly sample?: number | undefined
        readonly limits?: readonly ReviewLimit[] | undefined
      }
    | undefined
  /** Who watches runs. */
  readonly supervision?:
    | {
        /** Whether an autonomous reviewer watches steps of safe and medium risk where no person does; default false. */
        readonly reviewers?: boolean | undefined
      }
    | undefined
}

/** A limit on what autonomous reviewers approve in 24 hours. */
export interface ReviewLimit {
  /** Action that it counts; all actions when absent. */
  readonly action?: string | undefined
  /** What is counted apart: each agent, each target, or the workspace as a whole. */
  readonly per: 'agent' | 'target' | 'workspace'
  /** Argument that names the target, such as `iban`; the resource when absent. */
  readonly target?: string | undefined
  /** Argument that is summed, such as `cents`; approvals are counted when absent. */
  readonly spend?: string | undefined
  readonly most: number
}
