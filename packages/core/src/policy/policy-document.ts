import {
  GovernanceError,
  type JsonObject,
  type Maturity,
  type PromotionExplanation,
  type Risk,
} from '@preceptor/client'
import { z } from 'zod'
import type { WindowName } from '../kernel/windows.ts'
import { compileCondition } from './condition.ts'

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

const per = z.enum(['minute', 'hour', 'day'])
const matrix = z.enum(['strict', 'graduated'])
const name = z.string().min(1).max(128)

const schema = z.strictObject({
  matrix: z.strictObject({ runs: matrix.optional(), actions: matrix.optional() }).optional(),
  actions: z
    .record(
      name,
      z.strictObject({
        risk: z.enum(['safe', 'medium', 'high', 'critical']).optional(),
        ceiling: z.enum(['student', 'intern', 'supervised', 'autonomous']).optional(),
        when: z.string().min(1).max(512).optional(),
        requiredApprovals: z.int().min(1).max(10).optional(),
        waitMs: z.int().min(0).max(86_400_000).optional(),
      }),
    )
    .optional(),
  shadow: z.array(name).max(200).optional(),
  limits: z
    .array(
      z.strictObject({
        name,
        action: name.optional(),
        agents: z.array(name).min(1).max(200).optional(),
        scope: z.enum(['agent', 'target', 'workspace']).optional(),
        target: name.optional(),
        per,
        most: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
        spend: name.optional(),
      }),
    )
    .max(200)
    .optional(),
  breaker: z.strictObject({ failures: z.int().min(1).max(1_000_000), per }).optional(),
  proposalTtlMs: z
    .int()
    .min(1_000)
    .max(30 * 86_400_000)
    .optional(),
  separationOfDuties: z.boolean().optional(),
  promotion: z
    .strictObject({
      policy: z.enum(['earned', 'bands']).optional(),
      onePerson: z.boolean().optional(),
      trust: z.enum(['agent', 'capability']).optional(),
    })
    .optional(),
  review: z
    .strictObject({
      automatic: z.boolean().optional(),
      sample: z.number().min(0.05).max(1).optional(),
      limits: z
        .array(
          z.strictObject({
            action: name.optional(),
            per: z.enum(['agent', 'target', 'workspace']),
            target: name.optional(),
            spend: name.optional(),
            most: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
          }),
        )
        .max(50)
        .optional(),
    })
    .optional(),
  supervision: z.strictObject({ reviewers: z.boolean().optional() }).optional(),
})

/**
 * Reads a policy document; whatever is not wholly understood is refused.
 *
 * @throws GovernanceError `POLICY_INVALID` naming the fields.
 */
export function parsePolicy(document: unknown): PolicyDocument {
  const result = schema.safeParse(document)
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'document'}: ${message}`)
    throw new GovernanceError('POLICY_INVALID', {
      message: `The policy is not valid: ${problems.join('; ')}.`,
      details: { problems },
    })
  }
  assertUniqueLimits(result.data.limits ?? [])
  assertTargets(result.data.limits ?? [])
  for (const [action, rule] of Object.entries(result.data.actions ?? {})) assertCondition(action, rule.when)
  return result.data
}

/** The document as JSON, for storage. */
export function policyJson(document: PolicyDocument): JsonObject {
  return JSON.parse(JSON.stringify(document)) as JsonObject
}

function assertUniqueLimits(limits: readonly Limit[]): void {
  const names = limits.map((limit) => limit.name)
  const twice = names.find((limitName, index) => names.indexOf(limitName) !== index)
  if (twice === undefined) return
  throw new GovernanceError('POLICY_INVALID', { message: `The policy is not valid: two limits are named "${twice}".` })
}

/** A target that nothing is counted by would be a limit that is not there. */
function assertTargets(limits: readonly Limit[]): void {
  const vain = limits.find(({ target, scope }) => target !== undefined && scope !== 'target')
  if (vain === undefined) return
  const message = `The policy is not valid: the limit "${vain.name}" names a target and is not of the scope "target".`
  throw new GovernanceError('POLICY_INVALID', { message })
}

function assertCondition(action: string, when: string | undefined): void {
  if (when === undefined) return
  try {
    compileCondition(when)
  } catch (cause) {
    const problem = GovernanceError.isInstance(cause) ? cause.message : 'it does not compile'
    throw new GovernanceError('POLICY_INVALID', {
      message: `The policy is not valid: actions.${action}.when: ${problem}`,
      cause,
    })
  }
}
