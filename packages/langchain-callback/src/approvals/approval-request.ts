import type { ToolCall } from '@langchain/core/messages'
import type { GovernanceError, Proposal, ProposalDecision, Scope } from '@preceptor/client'
import { type AllowedDecision, allowedDecisions, type InterruptOnConfig } from './interrupt-on.ts'
import { proposalsOf } from './proposals-of.ts'

/** Why the last answer did not count. */
export type AnswerProblem = Pick<GovernanceError, 'code' | 'message'>

/**
 * What a paused graph says it waits for: in the shape of `humanInTheLoopMiddleware` with one action, in that of an
 * approval of one tool call, and with the version that people decide on.
 */
export interface ApprovalRequest {
  readonly type: 'tool_approval'
  readonly tool_call_id: string | undefined
  readonly name: string
  /** As parsed: what the tool would get. */
  readonly args: Readonly<Record<string, unknown>>
  readonly description: string
  readonly proposal_id: string
  readonly proposal: ProposalDecision['proposal']
  readonly actionRequests: readonly [
    { readonly name: string; readonly args: Readonly<Record<string, unknown>>; readonly description: string },
  ]
  readonly reviewConfigs: readonly [
    {
      readonly actionName: string
      readonly allowedDecisions: readonly AllowedDecision[]
      readonly argsSchema?: Readonly<Record<string, unknown>>
    },
  ]
  /** The attempt that it belongs to. */
  readonly attempt: string | undefined
  /** How many answers its task had been given before; from the second on they must name the interrupt. */
  readonly answers: number
  readonly problem?: AnswerProblem
}

/** What a request is made of. */
export interface RequestParts {
  readonly scope: Scope
  readonly decision: ProposalDecision
  readonly toolCall: ToolCall
  readonly description: string | undefined
  readonly config: InterruptOnConfig | undefined
  readonly attempt: string | undefined
  readonly answers: number
}

/** Makes what a paused graph says it waits for. */
export async function approvalRequest(parts: RequestParts): Promise<ApprovalRequest> {
  const { scope, decision, toolCall, config, attempt, answers } = parts
  const { name } = toolCall
  const { argsSchema } = config ?? {}
  const request = {
    type: 'tool_approval',
    tool_call_id: toolCall.id,
    name,
    args: toolCall.args,
    description: parts.description ?? decision.reason,
    proposal_id: decision.proposal.id,
    proposal: decision.proposal,
    reviewConfigs: [
      { actionName: name, allowedDecisions: allowedDecisions(config), ...(argsSchema && { argsSchema }) },
    ],
    attempt,
    answers,
  } as const
  return atVersion(request, await readProposal(scope, decision.proposal.id))
}

/** A request that was shown, as it is now; undefined where it is over. */
export async function stillWaiting(scope: Scope, shown: ApprovalRequest): Promise<ApprovalRequest | undefined> {
  const proposal = await readProposal(scope, shown.proposal_id)
  const isOver = proposal !== undefined && proposal.state !== 'pending' && proposal.state !== 'approved'
  return isOver ? undefined : atVersion(shown, proposal)
}

/** With the version that people decide on now; as it was where its proposal cannot be read. */
function atVersion(request: Omit<ApprovalRequest, 'actionRequests'>, read: Proposal | undefined): ApprovalRequest {
  const { name, description } = request
  const { id, version, actionHash, requiredApprovals, expiresAt, runnableAt } = read ?? request.proposal
  const { args } = read ?? request
  const proposal = { id, version, actionHash, requiredApprovals, expiresAt, ...(runnableAt && { runnableAt }) }
  return { ...request, args, proposal, actionRequests: [{ name, args, description }] }
}

async function readProposal(scope: Scope, id: string): Promise<Proposal | undefined> {
  return proposalsOf(scope)
    ?.get(id)
    .catch(() => undefined)
}
