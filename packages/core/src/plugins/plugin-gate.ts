import type {
  Assessment,
  GuardCall,
  GuardOptions,
  GuardResult,
  Proposal,
  ProposalApproval,
  ProposalRejection,
  Trigger,
} from '@preceptor/client'
import type { Actor } from '../access/actor.ts'
import type { ActionLookup } from '../actions/action-registry.ts'
import { approveProposal } from '../proposals/approve-proposal.ts'
import { rejectProposal } from '../proposals/end-proposal.ts'
import { type CheckOptions, check } from '../routing/check.ts'
import type { Gate } from '../routing/gate.ts'
import { type GuardRequest, guard, type Runner } from '../routing/guard.ts'

/** How a plugin asks the gate: as everybody else does, for whom it acts. */
export interface PluginGate {
  /**
   * Decides, runs where the decision lets it, and records the outcome, as `guard` of a scope.
   *
   * @throws GovernanceError `INPUT_INVALID` for a trigger that is not one; and whatever `run` throws, as it is.
   */
  guard<T>(
    actor: Actor,
    trigger: Trigger,
    run: (call: GuardCall) => T | Promise<T>,
    options?: PluginGuardOptions,
  ): Promise<GuardResult<T>>
  /** Says how a trigger would be decided now, without any effect. @throws GovernanceError `INPUT_INVALID` */
  check(actor: Actor, trigger: Trigger, options?: CheckOptions): Promise<Assessment>
  /** The action that this process registered under a name. */
  findAction(workspace: string, name: string, digest?: string): ActionLookup
  /** Approves a version of a proposal, as the operation `proposals.approve`. @throws GovernanceError as that does. */
  approve(actor: Actor, id: string, approval: ProposalApproval): Promise<Proposal>
  /** Rejects a version of a proposal, as the operation `proposals.reject`. @throws GovernanceError as that does. */
  reject(actor: Actor, id: string, rejection: ProposalRejection): Promise<Proposal>
}

/** Options of a guarded call of a plugin. */
export interface PluginGuardOptions extends GuardOptions {
  /** What people are asked, where the action asks them. */
  readonly question?: GuardRequest<unknown>['question']
}

/** Makes the gate that plugins are given. */
export function createPluginGate(gate: Gate, runner: Runner): PluginGate {
  return {
    guard: (actor, trigger, run, { question, ...options } = {}) =>
      guard(gate, runner, actor, { trigger, run, options, question }),
    check: (actor, trigger, options) => check(gate, actor, trigger, options),
    findAction: (workspace, name, digest) => gate.registry.find(workspace, name, digest),
    approve: (actor, id, approval) => approveProposal(gate, actor, { id, approval }),
    reject: (actor, id, rejection) => rejectProposal(gate, actor, { id, rejection }),
  }
}
